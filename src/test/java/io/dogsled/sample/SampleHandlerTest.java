package io.dogsled.sample;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class SampleHandlerTest {
    private static final String FORM = "order=o-1&customer=c-1&country=de&payment=card&article=tea&quantity=2";

    @Test
    void aFormIsReadAsTextAndAsTheGatewayEncodesIt() {
        APIGatewayV2HTTPEvent encoded = new APIGatewayV2HTTPEvent();
        encoded.setBody(Base64.getEncoder().encodeToString(FORM.getBytes(StandardCharsets.UTF_8)));
        encoded.setIsBase64Encoded(true);
        APIGatewayV2HTTPEvent plain = new APIGatewayV2HTTPEvent();
        plain.setBody(FORM);

        assertThat(SampleHandler.form(encoded)).isEqualTo(FORM);
        assertThat(SampleHandler.form(plain)).isEqualTo(FORM);
        assertThat(SampleHandler.form(new APIGatewayV2HTTPEvent())).isEmpty();
    }
}
