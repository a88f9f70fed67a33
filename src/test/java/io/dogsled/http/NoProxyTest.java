package io.dogsled.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The matrix of R31: which entry covers which host. */
class NoProxyTest {
    @ParameterizedTest(name = "\"{0}\" and {1}:{2}: {3}")
    @CsvSource({
        "*,                 api.datadoghq.com, 443,  true",
        "api.datadoghq.com, api.datadoghq.com, 443,  true",
        "API.DataDogHQ.com, api.datadoghq.COM, 443,  true",
        "datadoghq.com,     api.datadoghq.com, 443,  true",
        "datadoghq.com,     datadoghq.com,     443,  true",
        "datadoghq.com,     notdatadoghq.com,  443,  false",
        "datadoghq.com,     datadoghq.com.org, 443,  false",
        ".datadoghq.com,    api.datadoghq.com, 443,  true",
        ".datadoghq.com,    a.b.datadoghq.com, 443,  true",
        ".datadoghq.com,    datadoghq.com,     443,  false",
        "*.datadoghq.com,   api.datadoghq.com, 443,  true",
        "*.datadoghq.com,   datadoghq.com,     443,  false",
        "com,               api.datadoghq.com, 443,  true",
        "example.com:443,   example.com,       443,  true",
        "example.com:443,   api.example.com,   443,  true",
        "example.com:443,   example.com,       8443, false",
        "example.com:https, example.com,       443,  false",
        "example.com:,      example.com,       443,  false",
        ":443,              example.com,       443,  false",
        "10.1.2.3,          10.1.2.3,          80,   true",
        "10.1.2.3,          10.1.2.30,         80,   false",
        "10.1.2.3:80,       10.1.2.3,          80,   true",
        "10.1.2.3:80,       10.1.2.3,          81,   false",
        "2.3,               10.1.2.3,          80,   false",
        "10.0.0.0/8,        10.200.0.1,        80,   true",
        "10.0.0.0/8,        11.0.0.1,          80,   false",
        "10.0.0.0/8,        intake.internal,   80,   false",
        "10.1.2.0/23,       10.1.3.255,        80,   true",
        "10.1.2.0/23,       10.1.4.0,          80,   false",
        "10.1.2.3/32,       10.1.2.3,          80,   true",
        "0.0.0.0/0,         8.8.8.8,           80,   true",
        "10.0.0.0/33,       10.0.0.0,          80,   false",
        "10.0.0.0/,         10.0.0.0,          80,   false",
        "/8,                10.0.0.0,          80,   false",
        "0.0.0.0/0,         fd00::1,           80,   false",
        "fd00::/8,          fd12::1,           80,   true",
        "fd00::/8,          fe80::1,           80,   false",
        "::/0,              10.0.0.1,          80,   false",
        "fd00::1,           fd00:0:0::1,       80,   true",
        "[fd00::1]:443,     fd00::1,           443,  true",
        "[fd00::1]:443,     fd00::1,           80,   false",
        "[fd00::1],         fd00::1,           80,   true",
    })
    void covers(String entry, String host, int port, boolean expected) {
        assertThat(new NoProxy(List.of("elsewhere.example", entry)).covers(host, port))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "127.8.9.1",
                "::1",
                "0:0:0:0:0:0:0:1",
                "localhost",
                "LocalHost",
                "intake.localhost",
                "169.254.169.254",
                "100.100.100.200"
            })
    void neverThroughAProxy(String host) {
        assertThat(new NoProxy(List.of()).covers(host, 80)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"api.datadoghq.com", "10.0.0.1", "169.254.169.253", "128.0.0.1", "::2", "mylocalhost"})
    void everythingElseIfNothingIsSaid(String host) {
        assertThat(new NoProxy(List.of()).covers(host, 80)).isFalse();
    }
}
