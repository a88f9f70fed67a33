package io.dogsled.config;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * The section {@link Config.Connection}. Nothing before {@code ready} needs it, so it is read after it: no class more has to
 * load until then.
 *
 * <p>As everywhere a variable of Datadog's own beats the common one, and capitals beat small letters (R31).
 */
public final class ConnectionReader {
    private static final String STRAIGHT = "no proxy";
    private static final String PROXY = "http://host:port or http://user:password@host:port, without a path";
    private static final String RANGE = "a range such as 10.0.0.0/8 or fd00::/8";

    private final Settings settings;

    private ConnectionReader(Settings settings) {
        this.settings = settings;
    }

    /** Reads every setting of the section; what cannot be used is added to {@code problems}. */
    public static Config.Connection read(Map<String, String> environment, List<ConfigProblem> problems) {
        return new ConnectionReader(new Settings(environment, problems)).read();
    }

    private Config.Connection read() {
        return new Config.Connection(
                proxy("DD_PROXY_HTTPS", "HTTPS_PROXY", "https_proxy"),
                proxy("DD_PROXY_HTTP", "HTTP_PROXY", "http_proxy"),
                noProxy("DD_PROXY_NO_PROXY", "NO_PROXY", "no_proxy"),
                !settings.flag("DD_SKIP_SSL_VALIDATION", false),
                settings.choice("DD_MIN_TLS_VERSION", 0, "tlsv1.2", "tlsv1.3") == 1);
    }

    /** The first that is set, and no other: who set it wrongly did not mean the next one. */
    private String first(String... variables) {
        String found = "";
        for (String variable : variables) {
            if (!settings.text(variable).isEmpty() && found.isEmpty()) {
                found = variable;
            }
        }
        return found;
    }

    private String proxy(String... variables) {
        String variable = first(variables);
        if (variable.isEmpty()) {
            return "";
        }
        String value = settings.text(variable);
        String url = value.indexOf("://") < 0 ? "http://" + value : value;
        url = url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
        if (isProxy(url)) {
            return url;
        }
        // a user and a password are a secret
        String shown = value.indexOf('@') >= 0 ? ConfigProblem.HIDDEN : value;
        settings.problem(variable, shown, PROXY, STRAIGHT);
        return "";
    }

    private List<String> noProxy(String... variables) {
        String variable = first(variables);
        if (variable.isEmpty()) {
            return List.of();
        }
        List<String> usable = new ArrayList<>();
        List<String> skipped = new ArrayList<>();
        for (String entry : settings.list(variable)) {
            (entry.indexOf('/') < 0 || isRange(entry) ? usable : skipped).add(entry);
        }
        settings.skipped(variable, skipped, RANGE, "the others");
        return Collections.unmodifiableList(usable);
    }

    /** What is before the last @ is whatever it is, as long as it can be sent. */
    private static boolean isProxy(String url) {
        for (int i = 0; i < url.length(); i++) {
            if (url.charAt(i) <= ' ' || url.charAt(i) > '~') {
                return false;
            }
        }
        int at = url.lastIndexOf('@');
        return url.startsWith("http://") && Config.Intake.isBaseUrl(at < 0 ? url : "http://" + url.substring(at + 1));
    }

    private static boolean isRange(String entry) {
        int slash = entry.indexOf('/');
        String address = entry.substring(0, slash);
        long bits = Settings.wholeNumber(entry.substring(slash + 1));
        try {
            return bits >= 0 && bits <= InetAddress.ofLiteral(address).getAddress().length * 8L;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
