package io.dogsled.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OrderTest {
    @Test
    void aFormBecomesAnOrderWithATotal() {
        Order order = Order.parse("order=o%201&customer=c&country=de&payment=card&article=coffee&quantity=3");

        assertThat(order).isEqualTo(new Order("o 1", "c", "de", "card", "coffee", 3));
        assertThat(order.total()).isEqualTo(38.7);
    }

    @ParameterizedTest
    @CsvSource({
        "'', incomplete",
        "order=o&customer=c&country=de&article=tea&quantity=1, incomplete",
        "order=o&customer=c&country=de&payment=card&article=sofa&quantity=1, article",
        "order=o&customer=c&country=de&payment=card&article=tea&quantity=0, quantity",
        "order=o&customer=c&country=de&payment=card&article=tea&quantity=two, quantity",
    })
    void whatIsNoOrderSaysWhy(String form, String reason) {
        assertThatThrownBy(() -> Order.parse(form))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(reason);
    }
}
