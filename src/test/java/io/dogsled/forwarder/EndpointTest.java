package io.dogsled.forwarder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dogsled.config.Config.Ambiguous;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EndpointTest {
    @ParameterizedTest
    @CsvSource({
        "https://api.datadoghq.com,   true,  api.datadoghq.com, 443",
        "http://127.0.0.1:8080,       false, 127.0.0.1,         8080",
        "http://intake,               false, intake,            80",
        "https://[::1]:8443,          true,  ::1,               8443",
        "https://[::1],               true,  ::1,               443",
    })
    void readsTheUrl(String url, boolean tls, String host, int port) {
        Endpoint endpoint = new Endpoint(url, ApiKeySource.plain("k"), Ambiguous.RESEND);

        assertThat(endpoint.tls()).isEqualTo(tls);
        assertThat(endpoint.host()).isEqualTo(host);
        assertThat(endpoint.port()).isEqualTo(port);
    }

    @Test
    void refusesWhatIsNoHttpUrl() {
        assertThatThrownBy(() -> new Endpoint("ftp://x", ApiKeySource.plain("k"), Ambiguous.RESEND))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aKeyThatCannotStandInAHeaderIsAsGoodAsNone() {
        assertThat(ApiKeySource.plain("abc\r\nX-Evil: 1").key()).isEmpty();
        assertThat(ApiKeySource.plain("abc").key()).isEqualTo("abc");
    }
}
