package io.dogsled.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TagSettingsTest {
    private final List<ConfigProblem> problems = new ArrayList<>();

    @Test
    void allThreeListsAreJoinedSortedAndUnique() {
        assertThat(tags(Map.of(
                        "DD_TAGS", "team:b,tier:1", "DD_EXTRA_TAGS", "tier:1\tx:y", "DD_DOGSTATSD_TAGS", "a:1 , ,")))
                .containsExactly("a:1", "team:b", "tier:1", "x:y");
        assertThat(problems).isEmpty();
    }

    @Test
    void environmentServiceAndVersionBecomeTags() {
        assertThat(tags(Map.of("DD_ENV", "prod", "DD_SERVICE", "shop", "DD_VERSION", "1.2")))
                .containsExactly("env:prod", "service:shop", "version:1.2");
    }

    @Test
    void aTagOfTheSameKeyWins() {
        assertThat(tags(Map.of("DD_ENV", "prod", "DD_EXTRA_TAGS", "env:dev environment:x")))
                .containsExactly("env:dev", "environment:x");
    }

    @Test
    void severalValuesOfOneKeyAndTagsWithoutAValueStay() {
        assertThat(tags(Map.of("DD_TAGS", "team:a,team:b,canary"))).containsExactly("canary", "team:a", "team:b");
    }

    @Test
    void bracketsAndQuotesAreTakenOffAndReported() {
        assertThat(tags(Map.of("DD_TAGS", "[my:tag, \"b:c\" , []]"))).containsExactly("b:c", "my:tag");
        assertThat(problems)
                .extracting(ConfigProblem::line)
                .containsExactly(
                        "DD_TAGS=\"[my:tag\" is not usable: expected tags without brackets and quotes, such as"
                                + " team:a,tier:b; using my:tag",
                        "DD_TAGS=\"\"b:c\"\" is not usable: expected tags without brackets and quotes, such as"
                                + " team:a,tier:b; using b:c",
                        "DD_TAGS=\"[]]\" is not usable: expected tags without brackets and quotes, such as"
                                + " team:a,tier:b; using nothing of it");
    }

    private List<String> tags(Map<String, String> environment) {
        Map<String, String> all = new java.util.HashMap<>(environment);
        all.put("DD_API_KEY", "k");
        return ConfigReader.read(all, problems).dogstatsd().tags();
    }
}
