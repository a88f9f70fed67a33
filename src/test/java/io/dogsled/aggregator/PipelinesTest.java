package io.dogsled.aggregator;

import static org.assertj.core.api.Assertions.assertThat;

import io.dogsled.base.Clock;
import io.dogsled.base.Counter;
import io.dogsled.base.Counters;
import io.dogsled.base.Instruments;
import io.dogsled.base.Log;
import io.dogsled.config.Config;
import io.dogsled.metrics.Enricher;
import io.dogsled.metrics.MetricBatch;
import io.dogsled.metrics.Sample;
import io.dogsled.metrics.SeriesPoint;
import io.dogsled.metrics.ServiceCheck;
import io.dogsled.metrics.SketchPoint;
import io.dogsled.testing.Aggregations;
import io.dogsled.testing.PlainEnricher;
import io.dogsled.testing.SampleLines;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** However many aggregators and workers there are, an intake shows the same. */
class PipelinesTest {
    private static final String[] TYPES = {"c", "h", "ms", "s", "d"};
    private static final long NOW_MS = 1_700_000_003_000L;
    private static final int LINES = 10_000;

    private final long seed = Long.getLong("dogsled.seed", System.nanoTime());
    private final Counters counters = new Counters();

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 64})
    void severalAggregatorsShowWhatOneShows(int pipelines) {
        List<Sample> samples = samples();
        Shown expected = new Shown();
        Pipelines one = pipelines(1);
        send(one, samples, 0, 1);
        expected.receive(one.flush(NOW_MS));

        Shown actual = new Shown();
        Pipelines several = pipelines(pipelines);
        send(several, samples, 0, 1);
        assertThat(several.contexts()).isEqualTo(one.contexts());
        assertThat(several.heldSamples()).isEqualTo(LINES);
        MetricBatch batch = several.flush(NOW_MS);
        actual.receive(batch);

        assertThat(batch.newSamples()).isEqualTo(LINES);
        assertThat(several.heldSamples()).isZero();
        assertThat(several.flush(NOW_MS)).isSameAs(MetricBatch.EMPTY);
        assertThat(actual.values).as("-Ddogsled.seed=%d", seed).isEqualTo(expected.values);
    }

    /** Workers whose datagrams need the same aggregators in every order, and a flush beside them. */
    @Test
    void workersBesideEachOtherLoseNothingAndDoNotWaitForEver() throws InterruptedException {
        List<Sample> samples = samples();
        Shown expected = new Shown();
        Pipelines one = pipelines(1);
        send(one, samples, 0, 1);
        expected.receive(one.flush(NOW_MS));

        Pipelines several = pipelines(4);
        List<Thread> workers = new ArrayList<>();
        for (int worker = 0; worker < 4; worker++) {
            int offset = worker;
            Thread thread = new Thread(() -> send(several, samples, offset, 4), "worker-" + worker);
            workers.add(thread);
            thread.start();
        }
        Shown actual = new Shown();
        long taken = 0;
        boolean working = true;
        while (working) {
            working = workers.stream().anyMatch(Thread::isAlive);
            MetricBatch batch = several.flush(NOW_MS);
            actual.receive(batch);
            taken += batch.newSamples();
        }
        assertThat(taken).isEqualTo(LINES);
        assertThat(actual.values).as("-Ddogsled.seed=%d", seed).isEqualTo(expected.values);
    }

    /** Each aggregator has a last context of its own: one for all would replace its own points. */
    @Test
    void theLastContextsOfTwoAggregatorsDiffer() {
        Config.Aggregation settings = settings(10);
        Pipelines several = Pipelines.of(settings, enrichers(2), instruments());
        several.beginDatagram(NOW_MS);
        for (int i = 0; i < 100; i++) {
            several.accept(SampleLines.sample("name" + i + ":1|c"));
        }
        several.accept(new ServiceCheck("up", 0, 0, "", "", List.of()));
        several.endDatagram();
        MetricBatch batch = several.flush(NOW_MS);
        double sum = 0;
        Set<String> last = new HashSet<>();
        for (var point : batch.series()) {
            sum += point.values().getFirst().value();
            if (point.context().name().equals(Contexts.LAST_NAME)) {
                last.add(point.context().tags().toString());
            }
        }
        assertThat(last)
                .containsExactlyInAnyOrder(
                        "[dogsled_overflow:true, pipeline:0]", "[dogsled_overflow:true, pipeline:1]");
        assertThat(sum).isEqualTo(100);
        assertThat(batch.newSamples()).isEqualTo(101);
        assertThat(batch.checks()).hasSize(1);
        assertThat(counters.sum(Counter.Kind.LOST)).isZero();
        // ten contexts and four names for both together, and two last ones
        assertThat(several.contexts()).isEqualTo(16);
    }

    private List<Sample> samples() {
        Random random = new Random(seed);
        List<Sample> samples = new ArrayList<>();
        for (int i = 0; i < LINES; i++) {
            String type = TYPES[random.nextInt(TYPES.length)];
            String rate = random.nextBoolean() ? "|@0.5" : "";
            // whole numbers, so that sums do not depend on their order
            samples.add(SampleLines.sample((type.equals("ms") ? "h" : type) + random.nextInt(30) + ":"
                    + random.nextInt(1_000) + "|" + type + rate + "|#user:" + random.nextInt(10)));
        }
        return samples;
    }

    private static void send(Pipelines pipelines, List<Sample> samples, int from, int step) {
        for (int i = from; i < samples.size(); i += 8 * step) {
            pipelines.beginDatagram(NOW_MS);
            for (int j = i; j < Math.min(i + 8 * step, samples.size()); j += step) {
                pipelines.accept(samples.get(j));
            }
            pipelines.endDatagram();
        }
    }

    private Pipelines pipelines(int count) {
        return Pipelines.of(settings(10_000), enrichers(count), instruments());
    }

    private Instruments instruments() {
        return new Instruments(Clock.system(), counters, new Log(Log.Level.OFF));
    }

    private static Enricher[] enrichers(int count) {
        Enricher[] enrichers = new Enricher[count];
        for (int i = 0; i < count; i++) {
            enrichers[i] = new PlainEnricher();
        }
        return enrichers;
    }

    private static Config.Aggregation settings(int contexts) {
        return Aggregations.defaults(contexts);
    }

    /** What an intake shows that keeps the last scalar of a second and adds sketches up. */
    private static final class Shown {
        private final Map<String, Object> values = new HashMap<>();

        void receive(MetricBatch batch) {
            for (SeriesPoint point : batch.series()) {
                for (SeriesPoint.Value value : point.values()) {
                    String key = value.kind() + " " + value.metric()
                            + point.context().tags() + point.timestampS();
                    values.put(key, value.value());
                }
            }
            for (SketchPoint point : batch.sketches()) {
                String key = "SKETCH " + point.context() + point.timestampS();
                values.merge(key + " sum", point.sketch().sum(), (a, b) -> (Double) a + (Double) b);
                for (int i = 0; i < point.sketch().bins(); i++) {
                    String bin = key + " " + point.sketch().key(i);
                    values.merge(bin, point.sketch().binCount(i), (a, b) -> (Integer) a + (Integer) b);
                }
            }
        }
    }
}
