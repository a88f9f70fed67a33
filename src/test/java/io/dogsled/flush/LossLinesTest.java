package io.dogsled.flush;

import static org.assertj.core.api.Assertions.assertThat;

import io.dogsled.base.Counter;
import io.dogsled.base.Counters;
import io.dogsled.base.Instruments;
import io.dogsled.base.Log;
import io.dogsled.config.Config;
import io.dogsled.config.ConfigReader;
import io.dogsled.forwarder.Forwarders;
import io.dogsled.http.Network;
import io.dogsled.testing.ManualClock;
import io.dogsled.testing.StandardError;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

/** What is said of losses, and how often. */
@ResourceLock(Resources.SYSTEM_ERR)
class LossLinesTest {
    private static final long NOW_MS = 1_763_000_000_000L;

    private final Log log = new Log(Log.Level.WARN);
    private final Counters counters = new Counters();
    private final Forwarders forwarders =
            Forwarders.of(config(), Network.straight(), new Instruments(new ManualClock(), counters, log));
    private final LossLines losses = new LossLines(counters, forwarders, log);

    @Test
    void nothingIsSaidWhileNothingIsLost() throws Exception {
        counters.add(Counter.RECEIVED, 5);
        counters.add(Counter.DELIVERED, 5);
        counters.add(Counter.REJECTED_TYPE, 5);
        assertThat(lines(NOW_MS)).isEmpty();
        assertThat(last()).isEmpty();
    }

    @Test
    void aReasonIsSaidOnceAMinuteWithWhatCameSince() throws Exception {
        counters.add(Counter.LOST_REFUSED, 3);
        assertThat(lines(NOW_MS)).hasSize(1).first().asString().contains("lost 3 (refused): samples of payloads");
        counters.add(Counter.LOST_REFUSED, 4);
        assertThat(lines(NOW_MS + 59_999)).isEmpty();
        assertThat(lines(NOW_MS + 60_000)).hasSize(1).first().asString().contains("lost 4, 7 in all (refused)");
        assertThat(lines(NOW_MS + 180_000)).as("nothing since").isEmpty();
    }

    @Test
    void anotherReasonHasAMinuteOfItsOwn() throws Exception {
        counters.add(Counter.LOST_REFUSED, 3);
        lines(NOW_MS);
        counters.add(Counter.LOST_QUEUE_FULL, 2);
        assertThat(lines(NOW_MS + 1)).hasSize(1).first().asString().contains("lost 2 (queue_full)");
    }

    @Test
    void theEndSaysWhatWasNotSaidYet() throws Exception {
        counters.add(Counter.LOST_REFUSED, 3);
        lines(NOW_MS);
        counters.add(Counter.LOST_REFUSED, 1);
        counters.add(Counter.LOST_SHUTDOWN, 2);
        assertThat(lines(NOW_MS + 1)).hasSize(1).first().asString().contains("lost 2 (shutdown)");
        assertThat(last()).hasSize(1).first().asString().contains("lost 1, 4 in all (refused)");
        assertThat(last()).isEmpty();
    }

    @Test
    void anAdditionalEndpointIsNamedWithoutItsKey() throws Exception {
        forwarders.additional().getFirst().counters().add(Counter.LOST_FORBIDDEN, 6);
        assertThat(lines(NOW_MS))
                .hasSize(1)
                .first()
                .asString()
                .contains("endpoint http://127.0.0.1:9 (key 1): lost 6 (forbidden)", "check the API key")
                .doesNotContain("SECRET");
    }

    @Test
    void whatTheBlockListTakesAndWhatIsSaidElsewhereHasNoLine() throws Exception {
        counters.add(Counter.LOST_BLOCKED, 6);
        counters.add(Counter.LOST_SNAPSHOT, 6);
        assertThat(lines(NOW_MS)).isEmpty();
        assertThat(last()).isEmpty();
    }

    @Test
    void everyOtherReasonSaysWhatToDo() throws Exception {
        for (Counter counter : Counter.values()) {
            if (counter.kind() == Counter.Kind.LOST) {
                counters.add(counter, 1);
            }
        }
        assertThat(lines(NOW_MS)).hasSizeGreaterThan(8).noneMatch(line -> line.contains("docs/configuration.md"));
    }

    @Test
    void aCopyOfASnapshotCountsFromNothing() throws Exception {
        counters.add(Counter.LOST_REFUSED, 9);
        lines(NOW_MS);
        counters.beginAnew();
        counters.add(Counter.LOST_REFUSED, 2);
        assertThat(lines(NOW_MS + 60_000)).hasSize(1).first().asString().contains("lost 2 (refused)");
    }

    private List<String> lines(long nowMs) throws Exception {
        return lost(StandardError.during(() -> losses.check(nowMs)));
    }

    private List<String> last() throws Exception {
        return lost(StandardError.during(losses::last));
    }

    private static List<String> lost(List<String> lines) {
        return lines.stream().filter(line -> line.contains("lost ")).toList();
    }

    private static Config config() {
        return ConfigReader.read(
                Map.of("DD_API_KEY", "key", "DD_ADDITIONAL_ENDPOINTS", "{\"http://127.0.0.1:9\":[\"SECRET\"]}"),
                new ArrayList<>());
    }
}
