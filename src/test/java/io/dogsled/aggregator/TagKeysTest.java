package io.dogsled.aggregator;

import static org.assertj.core.api.Assertions.assertThat;

import io.dogsled.metrics.Context;
import io.dogsled.metrics.MetricType;
import io.dogsled.metrics.Text;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TagKeysTest {
    private final TagKeys keys = new TagKeys();

    @Test
    void theThreeKeysWithTheMostValuesAreNamed() {
        for (int i = 0; i < 5_000; i++) {
            add("env:dev", "az:" + i % 3, "route:/" + i % 10, "user:" + i % 200, "request_id:" + i);
        }
        assertThat(keys.top())
                .matches(
                        "request_id \\(about (4[5-9]|5[0-5])\\d\\d\\), user \\(about (1[89]|2[01])\\d\\), route \\((9|10)\\)");
    }

    @Test
    void tagsWithoutAValueAreCountedTogether() {
        for (int i = 0; i < 9; i++) {
            add("canary", "id" + i, "az:1");
        }
        assertThat(keys.top()).isEqualTo("tags without a value (10), az (1)");
    }

    @Test
    void withoutTagsThereIsNothingToName() {
        add();
        assertThat(keys.top()).isEmpty();
    }

    @Test
    void keysBeyondTheBoundAreCountedTogether() {
        for (int i = 0; i < 1_000; i++) {
            add("key" + i + ":x");
        }
        assertThat(keys.top()).startsWith("other keys (about ").contains("(1)");
    }

    private void add(String... tags) {
        List<Text> texts = new ArrayList<>();
        for (String tag : tags) {
            texts.add(Text.of(tag));
        }
        keys.add(new Context(MetricType.COUNT, Text.of("m"), texts));
    }
}
