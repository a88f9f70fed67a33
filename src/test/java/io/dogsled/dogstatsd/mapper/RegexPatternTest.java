package io.dogsled.dogstatsd.mapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dogsled.base.Counter;
import io.dogsled.base.Instruments;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RegexPatternTest {
    @Test
    void aPatternIsAnchoredAtBothEndsWithoutAGroupAround() throws MapperException {
        MetricMapper mapper = Mappers.regex("a|b", "m");
        assertThat(mapper.map("ax").isMapped()).as("^a").isTrue();
        assertThat(mapper.map("xb").isMapped()).as("b$").isTrue();
        assertThat(mapper.map("xa").isMapped()).isFalse();
        assertThat(Mappers.regex("a", "m").map("a\r").isMapped()).isFalse();
    }

    @Test
    void groupsNamedAsGoNamesThemAreFilledIn() throws MapperException {
        assertThat(Mappers.regex("a\\.(?P<what>\\w+)\\.(.*)", "b.${what}.$2")
                        .map("a.x.y.z")
                        .name())
                .isEqualTo("b.x.y.z");
        assertThat(Mappers.regex("a(x)?", "b$1").map("a").name()).isEqualTo("b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"(a+)+b", "(a|aa)+b", "(a*)*b", "(.*)(.*)(.*)(.*)(.*)(.*)b", "(a|a|a)*b"})
    void aPatternThatBacktracksForEverGivesUpAndIsNotTriedForEver(String match) throws MapperException {
        Instruments instruments = Mappers.instruments();
        MetricMapper mapper = MetricMapper.parse(Mappers.profile("regex", match, "m"), 10, instruments);
        String hard = "a".repeat(5_000);
        for (int i = 0; i < 1_000; i++) {
            assertThat(mapper.map(hard + i).isMapped()).isFalse();
        }
        assertThat(instruments.counters().value(Counter.MAPPER_GAVE_UP)).isEqualTo(10);
    }

    @Test
    void repeatCountsThatMultiplyWithoutAnyCharacterAreRefused() throws MapperException {
        assertThatThrownBy(() -> Mappers.regex("(?:(?:(?:){1000}){1000}){1000}", "m"))
                .hasMessageContaining("repeat counts");
        assertThatThrownBy(() -> Mappers.regex("(?:){2000000000}", "m")).hasMessageContaining("repeat counts");
        assertThat(Mappers.regex("a{2}b{3,5}", "m").map("aabbbb").isMapped()).isTrue();
    }

    @Test
    void nestingTooDeepForTheCompilerIsAnErrorOfTheProfile() {
        String deep = "(".repeat(20_000) + "a" + ")".repeat(20_000);
        assertThatThrownBy(() -> Mappers.regex(deep, "m")).hasMessageContaining("cannot compile regex");
    }
}
