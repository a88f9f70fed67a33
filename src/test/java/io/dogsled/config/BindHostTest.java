package io.dogsled.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The same texts are in the launcher's sockets_test.c, against {@code inet_pton}: both must take the same ones. */
class BindHostTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "10.0.0.1",
                "0.0.0.0",
                "255.255.255.255",
                "::",
                "::1",
                "fe80::1",
                "1::",
                "1:2:3:4:5:6:7:8",
                "::2:3:4:5:6:7:8",
                "::ffff:1.2.3.4",
                "1:2:3:4:5:6:1.2.3.4",
                "ABCD::0001"
            })
    void addressesInNumeralsAreTaken(String host) {
        assertThat(BindHost.isAddress(host)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "my.host",
                "[::1]",
                "1.2.3",
                "1.2.3.4.5",
                "256.1.1.1",
                "01.2.3.4",
                "1.2.3.4 ,",
                "1..2.3",
                "::1%lo",
                ":",
                ":::",
                "1:",
                ":1::",
                "::1::",
                "12345::",
                "1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:8:9",
                "1:2:3:4::5:6:7:8",
                "1.2.3.4::",
                "::1.2.3",
                "::g",
                "1:2:3:4:5:6:7:1.2.3.4",
                "-1.2.3.4",
                "1.2.3.4:80"
            })
    void everythingElseIsNot(String host) {
        assertThat(BindHost.isAddress(host)).isFalse();
    }
}
