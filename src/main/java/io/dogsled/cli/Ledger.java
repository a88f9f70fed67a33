package io.dogsled.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What the extension says became of every sample, from its line at SHUTDOWN.
 *
 * <pre>
 * DOGSLED ledger {"received":9,"delivered":9,"held":0,"superseded":0,"possibly_duplicated":0,
 *                 "lost":{},"rejected":{},"kernel_dropped":0}
 * </pre>
 *
 * @param lost samples by reason
 * @param rejected lines by reason; like {@code kernelDropped} beside the balance, not in it
 */
record Ledger(
        long received,
        long delivered,
        long held,
        long superseded,
        long possiblyDuplicated,
        Map<String, Long> lost,
        Map<String, Long> rejected,
        long kernelDropped) {
    static final String PREFIX = "DOGSLED ledger ";

    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** Reads a log line; empty if it is another one, such as the ledger of an additional endpoint, which has its name in it. */
    static Optional<Ledger> parse(String line) {
        int at = line.indexOf(PREFIX);
        if (at < 0) {
            return Optional.empty();
        }
        try {
            JsonNode json = MAPPER.readTree(line.substring(at + PREFIX.length()));
            if (json.has("endpoint")) {
                return Optional.empty();
            }
            return Optional.of(new Ledger(
                    json.path("received").asLong(),
                    json.path("delivered").asLong(),
                    json.path("held").asLong(),
                    json.path("superseded").asLong(),
                    json.path("possibly_duplicated").asLong(),
                    byReason(json.path("lost")),
                    byReason(json.path("rejected")),
                    json.path("kernel_dropped").asLong()));
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    /** This and another life of the extension as one. */
    Ledger plus(Ledger other) {
        return new Ledger(
                received + other.received,
                delivered + other.delivered,
                held + other.held,
                superseded + other.superseded,
                possiblyDuplicated + other.possiblyDuplicated,
                sum(lost, other.lost),
                sum(rejected, other.rejected),
                kernelDropped + other.kernelDropped);
    }

    long totalLost() {
        return lost.values().stream().mapToLong(Long::longValue).sum();
    }

    long totalRejected() {
        return rejected.values().stream().mapToLong(Long::longValue).sum();
    }

    boolean balances() {
        return received == delivered + held + totalLost();
    }

    /** True if something is missing at the intake, or twice, and the ledger says so. */
    boolean namesSomething() {
        return held + totalLost() + possiblyDuplicated + totalRejected() + kernelDropped > 0;
    }

    private static Map<String, Long> sum(Map<String, Long> one, Map<String, Long> other) {
        Map<String, Long> sum = new TreeMap<>(one);
        other.forEach((reason, count) -> sum.merge(reason, count, Long::sum));
        return sum;
    }

    private static Map<String, Long> byReason(JsonNode node) {
        Map<String, Long> reasons = new TreeMap<>();
        node.properties()
                .forEach(entry -> reasons.put(entry.getKey(), entry.getValue().asLong()));
        return reasons;
    }
}
