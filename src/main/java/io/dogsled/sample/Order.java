package io.dogsled.sample;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * An order as the shop's page posts it.
 *
 * <pre>
 * order=o-1001&amp;customer=c-17&amp;country=de&amp;payment=card&amp;article=tea&amp;quantity=2
 * </pre>
 */
record Order(String id, String customer, String country, String payment, String article, int quantity) {
    private static final Map<String, Long> PRICES_CENTS =
            Map.of("tea", 450L, "coffee", 1290L, "kettle", 3900L, "samovar", 24900L);

    /**
     * Reads a form.
     *
     * @throws IllegalArgumentException with the word for what is wrong: {@code incomplete}, {@code article}, {@code quantity}
     */
    static Order parse(String form) {
        Map<String, String> fields = new HashMap<>();
        for (String field : form.split("&", -1)) {
            int equals = field.indexOf('=');
            if (equals > 0) {
                fields.put(field.substring(0, equals), decode(field.substring(equals + 1)));
            }
        }
        String article = required(fields, "article");
        if (!PRICES_CENTS.containsKey(article)) {
            throw new IllegalArgumentException("article");
        }
        return new Order(
                required(fields, "order"),
                required(fields, "customer"),
                required(fields, "country"),
                required(fields, "payment"),
                article,
                quantity(required(fields, "quantity")));
    }

    /** Articles in the catalogue. */
    static int articles() {
        return PRICES_CENTS.size();
    }

    /** In euro. */
    double total() {
        return PRICES_CENTS.getOrDefault(article, 0L) * quantity / 100.0;
    }

    private static int quantity(String text) {
        try {
            int quantity = Integer.parseInt(text);
            if (quantity > 0) {
                return quantity;
            }
        } catch (NumberFormatException e) {
            // told below, like a quantity of zero
        }
        throw new IllegalArgumentException("quantity");
    }

    private static String required(Map<String, String> fields, String name) {
        String value = fields.getOrDefault(name, "");
        if (value.isEmpty()) {
            throw new IllegalArgumentException("incomplete");
        }
        return value;
    }

    private static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
