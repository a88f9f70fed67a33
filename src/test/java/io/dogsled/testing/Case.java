package io.dogsled.testing;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * One conformance case.
 *
 * @param area the case's area; for {@code peers.json} one of {@code peers.line}, {@code peers.sequence},
 *     {@code peers.mapper}, {@code peers.escape}; for {@code extension.json} for example {@code extension.NXT}
 * @param input what is done; of {@code extension.json} its {@code when}
 * @param expect what must come out: the case's own expectation (of a peer's case its {@code dogstatsd} field, of {@code extension.json} its {@code then}), or our
 *     answer where {@code deviations.json} has one
 */
public record Case(String id, String area, JsonNode input, JsonNode expect) {
    /** The id, which is the display name of the test. */
    @Override
    public String toString() {
        return id;
    }
}
