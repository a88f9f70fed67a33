package io.dogsled.it.flush;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One ledger as it was read, in the log or at {@code GET /ledger}.
 *
 * @param endpoint of an additional endpoint its address, of the main one {@code ""}
 */
public record Account(
        String endpoint,
        long received,
        long delivered,
        long held,
        long possiblyDuplicated,
        Map<String, Long> lost,
        long kernelDropped) {
    public static final String PREFIX = "DOGSLED ledger ";

    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** All ledgers in a text of lines, each one ledger or a list of them, with or without the prefix; other lines are passed over. */
    public static List<Account> in(String text) {
        List<Account> accounts = new ArrayList<>();
        text.lines().forEach(line -> {
            int at = line.indexOf(PREFIX);
            String json = at < 0 ? line : line.substring(at + PREFIX.length());
            if (json.startsWith("{") || json.startsWith("[")) {
                accounts.addAll(of(json));
            }
        });
        return accounts;
    }

    public long totalLost() {
        return lost.values().stream().mapToLong(Long::longValue).sum();
    }

    public boolean balances() {
        return received == delivered + held + totalLost();
    }

    private static List<Account> of(String json) {
        try {
            JsonNode node = MAPPER.readTree(json);
            List<Account> accounts = new ArrayList<>();
            if (node.isArray()) {
                node.forEach(each -> accounts.add(account(each)));
            } else {
                accounts.add(account(node));
            }
            return accounts;
        } catch (JsonProcessingException e) {
            throw new AssertionError("no ledger: " + json, e);
        }
    }

    private static Account account(JsonNode node) {
        Map<String, Long> lost = new TreeMap<>();
        node.path("lost")
                .properties()
                .forEach(entry -> lost.put(entry.getKey(), entry.getValue().asLong()));
        return new Account(
                node.path("endpoint").asText(),
                node.path("received").asLong(-1),
                node.path("delivered").asLong(),
                node.path("held").asLong(),
                node.path("possibly_duplicated").asLong(),
                lost,
                node.path("kernel_dropped").asLong());
    }
}
