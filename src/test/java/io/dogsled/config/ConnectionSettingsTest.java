package io.dogsled.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The proxies and what is asked of a peer: who beats whom, and what becomes of nonsense. */
class ConnectionSettingsTest {
    private final List<ConfigProblem> problems = new ArrayList<>();

    @Test
    void straightIfNothingIsSaid() {
        assertThat(read()).isEqualTo(Config.Connection.STRAIGHT);
        assertThat(problems).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "DD_PROXY_HTTPS, HTTPS_PROXY, https_proxy",
        "DD_PROXY_HTTP,  HTTP_PROXY,  http_proxy",
    })
    void datadogsNameBeatsCapitalsBeatSmallLetters(String own, String capitals, String small) {
        assertThat(proxy(own, read(own, "a:1", capitals, "b:2", small, "c:3"))).isEqualTo("http://a:1");
        assertThat(proxy(own, read(capitals, "b:2", small, "c:3"))).isEqualTo("http://b:2");
        assertThat(proxy(own, read(small, "c:3"))).isEqualTo("http://c:3");
        assertThat(proxy(own, read(own, " ", small, "c:3"))).as("blank is none").isEqualTo("http://c:3");
        assertThat(problems).isEmpty();
    }

    @Test
    void theListOfExceptionsLikewiseAndWithEitherSeparator() {
        assertThat(read("DD_PROXY_NO_PROXY", "a b", "NO_PROXY", "c", "no_proxy", "d")
                        .noProxy())
                .containsExactly("a", "b");
        assertThat(read("NO_PROXY", "c,d, .e", "no_proxy", "f").noProxy()).containsExactly("c", "d", ".e");
        assertThat(read("no_proxy", "10.0.0.0/8,fd00::/8,*").noProxy()).containsExactly("10.0.0.0/8", "fd00::/8", "*");
        assertThat(problems).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.0/33", "example.com/8", "10.0.0.0/", "http://example.com/", "fd00::/129"})
    void whatIsNoRangeIsSkipped(String entry) {
        assertThat(read("NO_PROXY", "a," + entry).noProxy()).containsExactly("a");
        assertThat(lines())
                .containsExactly("NO_PROXY=\"" + entry
                        + "\" is not usable: expected a range such as 10.0.0.0/8 or fd00::/8; using the others");
    }

    @ParameterizedTest
    @CsvSource({
        "http://proxy.example:3128,           http://proxy.example:3128",
        "http://proxy.example:3128/,          http://proxy.example:3128",
        "proxy.example:3128,                  http://proxy.example:3128",
        "proxy.example,                       http://proxy.example",
        "http://[fd00::1]:3128,               http://[fd00::1]:3128",
        "user:pa%40ss@proxy.example:3128,     http://user:pa%40ss@proxy.example:3128",
        "http://user:p@ss@proxy.example:3128, http://user:p@ss@proxy.example:3128",
    })
    void whatIsAProxy(String value, String url) {
        assertThat(read("HTTPS_PROXY", value).httpsProxy()).isEqualTo(url);
        assertThat(problems).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://proxy.example:3128",
                "socks5://proxy.example:1080",
                "http://proxy.example:0",
                "http://proxy.example:port",
                "http://",
                "http://proxy.example/path",
                "proxy example"
            })
    void whatIsNone(String value) {
        assertThat(read("DD_PROXY_HTTPS", value, "HTTPS_PROXY", "good:1").httpsProxy())
                .as("nobody meant the other one")
                .isEmpty();
        assertThat(lines())
                .containsExactly("DD_PROXY_HTTPS=\"" + value + "\" is not usable: expected http://host:port or"
                        + " http://user:password@host:port, without a path; using no proxy");
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://user:secret@proxy.example", "http://user:secret@proxy.example:x", "secret@"})
    void aPasswordIsInNoLine(String value) {
        assertThat(read("HTTP_PROXY", value).httpProxy()).isEmpty();
        assertThat(lines()).singleElement().asString().startsWith("HTTP_PROXY").doesNotContain("secret");
    }

    @Test
    void certificatesAndVersions() {
        assertThat(read("DD_SKIP_SSL_VALIDATION", "true").verified()).isFalse();
        assertThat(read("DD_SKIP_SSL_VALIDATION", "false").verified()).isTrue();
        assertThat(read("DD_MIN_TLS_VERSION", "TLSv1.3").tls13Only()).isTrue();
        assertThat(read("DD_MIN_TLS_VERSION", "tlsv1.2").tls13Only()).isFalse();
        assertThat(problems).isEmpty();

        assertThat(read("DD_SKIP_SSL_VALIDATION", "perhaps").verified()).isTrue();
        assertThat(read("DD_MIN_TLS_VERSION", "tlsv1.0").tls13Only()).isFalse();
        assertThat(lines())
                .containsExactly(
                        "DD_SKIP_SSL_VALIDATION=\"perhaps\" is not usable: expected true or false; using false",
                        "DD_MIN_TLS_VERSION=\"tlsv1.0\" is not usable: expected one of tlsv1.2, tlsv1.3; using tlsv1.2");
    }

    private static String proxy(String variable, Config.Connection read) {
        return variable.endsWith("HTTPS") ? read.httpsProxy() : read.httpProxy();
    }

    private List<String> lines() {
        return problems.stream().map(ConfigProblem::line).toList();
    }

    private Config.Connection read(String... pairs) {
        Map<String, String> environment = new HashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            environment.put(pairs[i], pairs[i + 1]);
        }
        return ConnectionReader.read(environment, problems);
    }
}
