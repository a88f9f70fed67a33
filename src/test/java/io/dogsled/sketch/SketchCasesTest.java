package io.dogsled.sketch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.dogsled.testing.Case;
import io.dogsled.testing.CasesSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;

/** The Agent's own expectations of its sketch (agent: config.go, store_test.go, agent_test.go). */
class SketchCasesTest {
    private static final int BIN_LIMIT = 4_096;

    @ParameterizedTest(name = "{0}")
    @CasesSource("sketch.key")
    void key(Case c) {
        Sketch sketch = new Sketch();
        assertThat(sketch.insert(c.input().asDouble(), 1)).isTrue();
        sketch.finish();
        assertThat(sketch.key(0)).isEqualTo(c.expect().get("key").asInt());
    }

    @ParameterizedTest(name = "{0}")
    @CasesSource("sketch.lower_bound")
    void lowerBound(Case c) {
        double expected = c.expect().get("value").asDouble();
        assertThat(Keys.lowerBound(c.input().asInt())).isCloseTo(expected, within(Math.ulp(expected)));
    }

    @ParameterizedTest(name = "{0}")
    @CasesSource("sketch.insert_keys")
    void insertKeys(Case c) {
        Bins bins = BinText.parse(c.input().get("bins").asText());
        for (JsonNode key : c.input().get("keys")) {
            bins.add(key.asInt(), 1);
        }
        bins.trimLeft(BIN_LIMIT);
        assertThat(BinText.of(bins)).isEqualTo(c.expect().get("bins").asText());
    }

    @ParameterizedTest(name = "{0}")
    @CasesSource("sketch.merge")
    void merge(Case c) {
        Bins bins = BinText.parse(c.input().get("a").asText());
        bins.addAll(BinText.parse(c.input().get("b").asText()));
        bins.trimLeft(c.input().get("bin_limit").asInt());
        assertThat(BinText.of(bins)).isEqualTo(c.expect().get("bins").asText());
    }

    @ParameterizedTest(name = "{0}")
    @CasesSource("sketch.trim_left")
    void trimLeft(Case c) {
        Bins bins = BinText.parse(c.input().get("bins").asText());
        bins.trimLeft(c.input().get("bin_limit").asInt());
        assertThat(BinText.of(bins)).isEqualTo(c.expect().get("bins").asText());
    }

    @ParameterizedTest(name = "{0}")
    @CasesSource("sketch.insert")
    void insert(Case c) {
        Sketch sketch = new Sketch();
        for (JsonNode value : c.input().get("values")) {
            assertThat(sketch.insert(value.get(0).asDouble(), value.get(1).asDouble()))
                    .isTrue();
        }
        sketch.finish();
        JsonNode expected = c.expect();
        assertThat(sketch.count()).isEqualTo(expected.get("cnt").asLong());
        assertThat(sketch.min()).isEqualTo(expected.get("min").asDouble());
        assertThat(sketch.max()).isEqualTo(expected.get("max").asDouble());
        assertThat(sketch.sum()).isEqualTo(expected.get("sum").asDouble());
        assertThat(sketch.average()).isEqualTo(expected.get("avg").asDouble());
        assertThat(BinText.of(sketch)).isEqualTo(bins(expected));
    }

    @ParameterizedTest(name = "{0}")
    @CasesSource("sketch.interpolate")
    void interpolate(Case c) {
        JsonNode input = c.input();
        Bins bins = new Bins();
        Interpolation.insert(
                bins,
                input.get("lower").asDouble(),
                input.get("upper").asDouble(),
                input.get("count").asLong());
        assertThat(BinText.of(bins)).isEqualTo(c.expect().get("bins").asText());
    }

    private static String bins(JsonNode expected) {
        List<String> bins = new ArrayList<>();
        for (int i = 0; i < expected.get("k").size(); i++) {
            bins.add(expected.get("k").get(i) + ":" + expected.get("n").get(i));
        }
        return String.join(" ", bins);
    }
}
