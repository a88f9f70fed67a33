package io.dogsled.config;

/**
 * The section {@link Config.Intake}: where the data goes and with which key.
 *
 * <p>{@code DD_DD_URL} and {@code DD_URL} are whole base addresses and beat {@code DD_SITE}; if both are given and differ,
 * {@code DD_DD_URL} wins, as in the Agent (flush-and-testserver.md §4).
 */
final class IntakeReader {
    private static final String DEFAULT_SITE = "datadoghq.com";

    /** The only line about a missing key: what waits for one is not worth a second. */
    private static final String NO_KEY = "none: nothing is sent, metrics are held and lost at shutdown";

    private static final String KEY_FILE = "DD_API_KEY_FILE";

    private static final String NO_FILE = "the usual certificates alone";

    private static final int DEFAULT_DEAD_LETTER_BYTES = 1_000_000;
    private static final int MAX_DEAD_LETTER_BYTES = 10_000_000;

    private static final long SMALLEST_FUNCTION_MB = 128;
    private static final int MIN_QUEUE_BYTES = 64 << 10;
    private static final int LEAST_DEFAULT_QUEUE_BYTES = 4 << 20;
    private static final int MAX_QUEUE_BYTES = 24 << 20;

    private final Settings settings;

    IntakeReader(Settings settings) {
        this.settings = settings;
    }

    Config.Intake read() {
        Config.Ambiguous ambiguous = settings.choice("DD_DOGSLED_AMBIGUOUS", 0, "resend", "drop") == 0
                ? Config.Ambiguous.RESEND
                : Config.Ambiguous.DROP;
        boolean compress = settings.choice("DD_SERIALIZER_COMPRESSOR_KIND", 0, "zlib", "none") == 0;
        String key = apiKey();
        return new Config.Intake(
                baseUrl(),
                key,
                keyFile(key),
                settings.text("DD_ADDITIONAL_ENDPOINTS"),
                ambiguous,
                compress,
                certFile(),
                deadLetterBytes(),
                queueBytes());
    }

    private String baseUrl() {
        String site = "https://api." + site();
        String second = url("DD_URL", site);
        String ddUrl = url("DD_DD_URL", second.isEmpty() ? site : second);
        if (ddUrl.isEmpty()) {
            return second.isEmpty() ? site : second;
        }
        if (!second.isEmpty() && !second.equals(ddUrl)) {
            settings.problem("DD_URL", second, "the same address as in DD_DD_URL, or only one of the two", ddUrl);
        }
        return ddUrl;
    }

    private String site() {
        String site = settings.text("DD_SITE");
        if (site.isEmpty()) {
            return DEFAULT_SITE;
        }
        if (!isHostName(site)) {
            settings.problem(
                    "DD_SITE", site, "a host name such as datadoghq.eu, without https:// or path", DEFAULT_SITE);
            return DEFAULT_SITE;
        }
        return site;
    }

    /** The address without a trailing slash; {@code ""} if there is none that can be used. */
    private String url(String variable, String otherwise) {
        String value = settings.text(variable);
        String url = value.endsWith("/") ? value.substring(0, value.length() - 1) : value;
        if (url.isEmpty() || isBaseUrl(url)) {
            return url;
        }
        // a user name and password in an address are a secret
        String shown = value.indexOf('@') >= 0 ? ConfigProblem.HIDDEN : value;
        settings.problem(variable, shown, "http:// or https://, a host and perhaps a port, without a path", otherwise);
        return "";
    }

    private String certFile() {
        String path = settings.text("DD_TLS_CERT_FILE");
        if (!path.isEmpty() && !path.startsWith("/")) {
            settings.problem("DD_TLS_CERT_FILE", path, "the path of a PEM file, from / on", NO_FILE);
            return "";
        }
        return path;
    }

    /** On a developer's screen nobody exports a log, so {@code sam local} has none unless they are asked for. */
    private int deadLetterBytes() {
        int ifAbsent = Settings.isOneOf(settings.text("AWS_SAM_LOCAL"), "true") ? 0 : DEFAULT_DEAD_LETTER_BYTES;
        return settings.integer("DD_DOGSLED_DEAD_LETTER_BYTES", ifAbsent, 0, MAX_DEAD_LETTER_BYTES);
    }

    /** An eighth of the function's memory, as far as the heap allows. */
    private int queueBytes() {
        long memoryMb = Settings.wholeNumber(settings.text("AWS_LAMBDA_FUNCTION_MEMORY_SIZE"));
        long eighth = (memoryMb > 0 ? memoryMb : SMALLEST_FUNCTION_MB) * (1 << 20) / 8;
        int ifAbsent = Math.clamp(eighth, LEAST_DEFAULT_QUEUE_BYTES, MAX_QUEUE_BYTES);
        return settings.integer("DD_DOGSLED_QUEUE_BYTES", ifAbsent, MIN_QUEUE_BYTES, MAX_QUEUE_BYTES);
    }

    /** {@code ""} without a usable one; that is worth a line of its own only where no file can give one. */
    private String apiKey() {
        String key = settings.text("DD_API_KEY");
        boolean elsewhere = isPath(settings.text(KEY_FILE));
        if (key.isEmpty() && !elsewhere) {
            settings.problem("DD_API_KEY", "", "the API key of your organisation", NO_KEY);
        } else if (!key.isEmpty() && !isKey(key)) {
            settings.problem(
                    "DD_API_KEY",
                    ConfigProblem.HIDDEN,
                    "a key of visible ASCII characters without quotes",
                    elsewhere ? "the one in DD_API_KEY_FILE" : NO_KEY);
            return "";
        }
        return key;
    }

    /** The file that the key is read from; {@code ""} if there is none or the key is known. */
    private String keyFile(String key) {
        String path = settings.text(KEY_FILE);
        if (path.isEmpty()) {
            return "";
        }
        String otherwise = key.isEmpty() ? "none" : "DD_API_KEY";
        if (!isPath(path)) {
            // somebody may have written the key itself
            settings.problem(
                    KEY_FILE, ConfigProblem.HIDDEN, "the path of a file with the API key, from / on", otherwise);
            return "";
        }
        if (!key.isEmpty()) {
            settings.problem(KEY_FILE, path, "only one of DD_API_KEY and DD_API_KEY_FILE", otherwise);
            return "";
        }
        return path;
    }

    private static boolean isPath(String text) {
        return text.startsWith("/");
    }

    static boolean isKey(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) <= ' ' || text.charAt(i) >= 0x7f || text.charAt(i) == '"' || text.charAt(i) == '\'') {
                return false;
            }
        }
        return !text.isEmpty();
    }

    static boolean isBaseUrl(String url) {
        int start = url.startsWith("https://") ? 8 : url.startsWith("http://") ? 7 : -1;
        if (start < 0) {
            return false;
        }
        int portAt = url.indexOf(':', Math.max(start, url.lastIndexOf(']') + 1));
        int hostEnd = portAt < 0 ? url.length() : portAt;
        if (portAt >= 0) {
            long port = Settings.wholeNumber(url.substring(portAt + 1));
            if (port < 1 || port > 65_535) {
                return false;
            }
        }
        String host = url.substring(start, hostEnd);
        return isHostName(host) || isBracketedAddress(host);
    }

    /** Labels of letters, digits, hyphens and underscores between single dots. */
    private static boolean isHostName(String host) {
        if (host.isEmpty() || host.length() > 253 || host.charAt(0) == '.' || host.charAt(host.length() - 1) == '.') {
            return false;
        }
        char before = 'a';
        for (int i = 0; i < host.length(); i++) {
            char c = host.charAt(i);
            boolean ordinary =
                    (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
            if (!ordinary && (c != '.' || before == '.')) {
                return false;
            }
            before = c;
        }
        return true;
    }

    private static boolean isBracketedAddress(String host) {
        if (host.length() < 4 || host.charAt(0) != '[' || host.charAt(host.length() - 1) != ']') {
            return false;
        }
        for (int i = 1; i < host.length() - 1; i++) {
            char c = host.charAt(i);
            if (c != ':' && c != '.' && Character.digit(c, 16) < 0) {
                return false;
            }
        }
        return true;
    }
}
