package io.dogsled.sample;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import com.timgroup.statsd.ServiceCheck;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;

/**
 * Takes an order behind an HTTP API ({@code POST /orders}, form encoded) and tells DogStatsD about it with every type there is:
 * count, gauge, histogram, timing, set, distribution, event, service check.
 *
 * <p>The body of the answer lists under {@code emitted} what this invocation sent, the first one also what the static initialiser
 * sent, which runs while the extension is still starting.
 */
public final class SampleHandler implements RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse> {
    private static final double LARGE_ORDER = 200;
    private static final int STOCK = 1000;
    private static final String SENT_AT_START;

    static {
        try (Emissions emissions = Emissions.open()) {
            emissions.count("shop.cold_starts", 1, "runtime:java");
            emissions.gauge("shop.catalogue.articles", Order.articles());
            SENT_AT_START = emissions.sent();
        }
    }

    private final Map<String, Integer> soldByArticle = new HashMap<>();
    private String sentBefore = SENT_AT_START;

    @Override
    public APIGatewayV2HTTPResponse handleRequest(APIGatewayV2HTTPEvent event, Context context) {
        try (Emissions emissions = Emissions.open()) {
            try {
                Order order = Order.parse(form(event));
                place(order, emissions);
                return answer(201, "\"order\":\"" + order.id() + "\",\"total\":" + order.total(), emissions);
            } catch (IllegalArgumentException refused) {
                emissions.count("shop.orders.refused", 1, "reason:" + refused.getMessage());
                return answer(400, "\"refused\":\"" + refused.getMessage() + "\"", emissions);
            }
        }
    }

    /** API Gateway encodes the body of a form, because its content type is not text. */
    static String form(APIGatewayV2HTTPEvent event) {
        String body = event.getBody() == null ? "" : event.getBody();
        return event.getIsBase64Encoded() ? new String(Base64.getDecoder().decode(body), StandardCharsets.UTF_8) : body;
    }

    private void place(Order order, Emissions emissions) {
        String country = "country:" + order.country();
        String payment = "payment:" + order.payment();
        String article = "article:" + order.article();
        int sold = soldByArticle.merge(order.article(), order.quantity(), Integer::sum);
        emissions.count("shop.orders.placed", 1, country, payment);
        emissions.count("shop.articles.sold", order.quantity(), article);
        emissions.gauge("shop.stock", STOCK - sold, article);
        emissions.histogram("shop.order.total", order.total(), country);
        emissions.time("shop.payment.time", 20 + 3L * order.quantity(), payment);
        emissions.set("shop.customers", order.customer(), country);
        emissions.distribution("shop.order.value", order.total(), country);
        emissions.check("shop.payment.can_pay", ServiceCheck.Status.OK, payment);
        if (order.total() >= LARGE_ORDER) {
            emissions.event("Large order", order.id() + " over " + order.total() + " euro", country);
        }
    }

    private APIGatewayV2HTTPResponse answer(int status, String fields, Emissions emissions) {
        String sent = sentBefore.isEmpty() ? emissions.sent() : sentBefore + "," + emissions.sent();
        sentBefore = "";
        return APIGatewayV2HTTPResponse.builder()
                .withStatusCode(status)
                .withHeaders(Map.of("Content-Type", "application/json"))
                .withBody("{" + fields + ",\"emitted\":[" + sent + "]}")
                .build();
    }
}
