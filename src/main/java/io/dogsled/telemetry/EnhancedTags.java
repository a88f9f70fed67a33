package io.dogsled.telemetry;

import io.dogsled.config.Config;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The tags of the enhanced metrics (flush-and-testserver.md §3.3; Agent: pkg/serverless/tags/tags.go). What is not known has
 * no tag. Main thread.
 *
 * <p>Most is the sandbox's. The rest belongs to one request: the ARN it was invoked by, and whether it was the first. As in
 * Datadog's libraries for functions, {@code resource} has the alias or version of that ARN; without one, the version that
 * runs. The account is the one that the registration told.
 */
final class EnhancedTags {
    /** Of {@code arn:aws:lambda:us-east-1:123456789012:function:name:alias}, counted from 0. */
    private static final int REGION = 3;

    private static final int NAME = 6;
    private static final int QUALIFIER = 7;
    private static final String LATEST = "$LATEST";

    private final Config.Function function;
    private final List<String> userTags;
    private String registeredName = "";
    private String registeredVersion = "";
    private String accountId = "";

    private String builtArn = "";
    private String builtStart = "";
    private byte[] built = new byte[0];

    EnhancedTags(Config config) {
        function = config.function();
        userTags = config.dogstatsd().tags();
    }

    void registered(String functionName, String functionVersion, String account) {
        registeredName = functionName;
        registeredVersion = functionVersion;
        accountId = account;
        built = new byte[0];
    }

    /**
     * As they stand in a line behind the {@code #}.
     *
     * @param arn {@code ""} if nobody said it
     * @param start {@code cold_start} and what belongs to it; may be empty
     */
    byte[] of(String arn, String start) {
        if (built.length == 0 || !arn.equals(builtArn) || !start.equals(builtStart)) {
            built = build(arn, start).getBytes(StandardCharsets.UTF_8);
            builtArn = arn;
            builtStart = start;
        }
        return built;
    }

    private String build(String arn, String start) {
        String name = orElse(part(arn, NAME), orElse(function.name(), registeredName));
        String version = orElse(function.version(), registeredVersion);
        String executed = version.equals(LATEST) ? "" : version;
        String qualifier = part(arn, QUALIFIER);
        String suffix = qualifier.isEmpty() || qualifier.equals(LATEST) ? executed : qualifier;
        List<String> tags = new ArrayList<>();
        add(tags, "function_arn:", unqualified(arn));
        add(tags, "region:", orElse(part(arn, REGION), function.region()));
        add(tags, "aws_account:", accountId);
        add(tags, "account_id:", accountId);
        add(tags, "functionname:", name);
        add(tags, "executedversion:", executed);
        add(tags, "resource:", suffix.isEmpty() || name.isEmpty() ? name : name + ":" + suffix);
        addUserTags(tags);
        addUnlessGiven(tags, "architecture:", architecture());
        addUnlessGiven(tags, "memorysize:", function.memorySize());
        StringBuilder joined = new StringBuilder(400).append(start);
        for (String tag : tags) {
            joined.append(joined.isEmpty() ? "" : ",").append(tag);
        }
        return joined.toString();
    }

    /** A key that the platform has told is not the user's to change. */
    private void addUserTags(List<String> tags) {
        int fromPlatform = tags.size();
        for (String tag : userTags) {
            int colon = tag.indexOf(':');
            if (colon < 0 || !hasKey(tags.subList(0, fromPlatform), tag.substring(0, colon + 1))) {
                tags.add(tag);
            }
        }
    }

    private static void addUnlessGiven(List<String> tags, String key, String value) {
        if (!hasKey(tags, key)) {
            add(tags, key, value);
        }
    }

    private static boolean hasKey(List<String> tags, String key) {
        for (String tag : tags) {
            if (tag.startsWith(key)) {
                return true;
            }
        }
        return false;
    }

    private static void add(List<String> tags, String key, String value) {
        if (!value.isEmpty()) {
            tags.add(key + value.toLowerCase(Locale.ROOT));
        }
    }

    private static String architecture() {
        String machine = System.getProperty("os.arch", "");
        return switch (machine) {
            case "amd64" -> "x86_64";
            case "aarch64" -> "arm64";
            default -> machine;
        };
    }

    private static String unqualified(String arn) {
        return part(arn, QUALIFIER).isEmpty() ? arn : arn.substring(0, arn.lastIndexOf(':'));
    }

    /** The text between two colons; {@code ""} if there is none. */
    private static String part(String arn, int index) {
        int from = 0;
        for (int i = 0; i < index; i++) {
            int colon = arn.indexOf(':', from);
            if (colon < 0) {
                return "";
            }
            from = colon + 1;
        }
        int to = arn.indexOf(':', from);
        return arn.substring(from, to < 0 ? arn.length() : to);
    }

    private static String orElse(String text, String otherwise) {
        return text.isEmpty() ? otherwise : text;
    }
}
