package io.dogsled.dogstatsd.mapper;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NameCacheTest {
    private static final MappedName LONG = new MappedName("b".repeat(1_000), List.of("t:" + "c".repeat(1_000)));

    @Test
    void whatWasAskedForLongestAgoIsForgotten() {
        NameCache cache = new NameCache(2, 100_000);
        cache.put("a", MappedName.NONE);
        cache.put("b", MappedName.NONE);
        assertThat(cache.get("a")).isNotNull();
        cache.put("c", MappedName.NONE);
        assertThat(cache.get("b")).isNull();
        assertThat(cache.get("a")).isNotNull();
        assertThat(cache.get("c")).isNotNull();
    }

    @Test
    void namesAreBoundedByTheirBytesHoweverManyMayBeRemembered() {
        NameCache cache = new NameCache(100_000, 10_000);
        for (int i = 0; i < 1_000; i++) {
            cache.put("a".repeat(200) + i, MappedName.NONE);
        }
        assertThat(cache.size()).isBetween(10, 10_000 / 200);
        assertThat(cache.get("a".repeat(200) + 999)).isEqualTo(MappedName.NONE);
    }

    @Test
    void whatNamesBecameCountsToo() {
        NameCache cache = new NameCache(100_000, 10_000);
        for (int i = 0; i < 1_000; i++) {
            cache.put("a" + i, LONG);
        }
        assertThat(cache.size()).isBetween(1, 10_000 / 2_000);
        assertThat(cache.get("a999")).isSameAs(LONG);
        for (int i = 0; i < 1_000; i++) {
            cache.put("b" + i, MappedName.NONE);
        }
        assertThat(cache.size()).as("what is forgotten gives its bytes back").isGreaterThan(20);
    }

    @Test
    void anAnswerLargerThanTheCacheIsNotRemembered() {
        NameCache cache = new NameCache(10, 1_000);
        cache.put("a", LONG);
        assertThat(cache.size()).isZero();
        cache.put("b", MappedName.NONE);
        assertThat(cache.get("b")).isNotNull();
    }

    @Test
    void aNameTooLongForDatadogIsNotRemembered() {
        NameCache cache = new NameCache(10, 100_000);
        cache.put("a".repeat(256), MappedName.NONE);
        cache.put("a".repeat(257), MappedName.NONE);
        assertThat(cache.size()).isEqualTo(1);
    }
}
