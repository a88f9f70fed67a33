package io.dogsled.aggregator;

import static org.assertj.core.api.Assertions.assertThat;

import io.dogsled.metrics.Enricher;
import io.dogsled.metrics.Sample;
import io.dogsled.testing.SampleLines;
import org.junit.jupiter.api.Test;

class SpellingsTest {
    private static final Slot NONE = slot();

    private final Spellings spellings = new Spellings(40_000);

    @Test
    void everyLineIsFoundAgainWhileThereIsRoom() {
        Slot[] slots = new Slot[20_000];
        for (int i = 0; i < slots.length; i++) {
            slots[i] = learn(line(i), slot());
        }
        for (int i = 0; i < slots.length; i++) {
            assertThat(found(line(i))).as("line %d", i).isSameAs(slots[i]);
        }
        assertThat(spellings.find(line(slots.length))).isNull();
    }

    /** What somebody can do who chooses tags with equal hashes: have them forgotten, not make every line search for long. */
    @Test
    void linesOfOneHashCostABoundedNumberOfPlacesAndAreNeverTakenForAnother() {
        int known = 0;
        for (int i = 0; i < 2_000; i++) {
            Slot mine = learn(crowded(i), slot());
            assertThat(found(crowded(i))).as("the newest, line %d", i).isSameAs(mine);
        }
        assertThat(spellings.size()).isLessThan(64);
        for (int i = 0; i < 2_000; i++) {
            known += found(crowded(i)) == NONE ? 0 : 1;
        }
        assertThat(known).isEqualTo(spellings.size());
        Slot quiet = learn(line(1), slot());
        assertThat(found(line(1))).isSameAs(quiet);
    }

    private Slot found(Sample sample) {
        Spelling spelling = spellings.find(sample);
        return spelling == null ? NONE : spelling.slot;
    }

    private Slot learn(Sample sample, Slot slot) {
        spellings.add(new Spelling(sample, slot));
        return slot;
    }

    private static Slot slot() {
        return new Slot(Enricher.BLOCKED, HistogramOutput.NONE);
    }

    private static Sample line(int i) {
        return SampleLines.sample("page.views:1|c|#env:dev,region:eu-west-1,n:" + i + ",team:cart");
    }

    private static Sample crowded(int i) {
        Sample sample = line(i);
        sample.hash = 7;
        return sample;
    }
}
