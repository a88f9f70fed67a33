package io.dogsled.forwarder;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dogsled.base.Clock;
import io.dogsled.base.Counter;
import io.dogsled.base.Counters;
import io.dogsled.base.Deadline;
import io.dogsled.config.Config.Ambiguous;
import io.dogsled.serializer.PayloadSerializer;
import io.dogsled.testserver.DecodedPayload;
import io.dogsled.testserver.PayloadDecoder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** What of the remains gets out, in which order, and under which name it is counted. */
class DeadLettersTest {
    private static final long BUCKET_S = 1_700_000_000L;
    private static final Map<String, String> PATHS = Map.of(
            "series", "/api/v2/series",
            "sketches", "/api/beta/sketches",
            "events", "/intake/",
            "checks", "/api/v1/check_run");

    private final Counters counters = new Counters();
    private final Clock clock = Clock.system();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @Test
    void everyKindLeavesWholeAndIsCountedAsADeadLetter() throws JsonProcessingException {
        Outbox outbox = outbox(Ambiguous.RESEND);
        outbox.offer(
                new Batches()
                        .count("c", BUCKET_S, 3)
                        .sketch("d", BUCKET_S, 4)
                        .event("e")
                        .check("k")
                        .build(),
                BUCKET_S * 1_000);

        write(outbox, 1_000_000, out);

        assertThat(names()).containsExactlyInAnyOrder("c", "d", "e", "k");
        assertThat(counters.value(Counter.LOST_DEAD_LETTERED)).isEqualTo(9);
        assertThat(counters.value(Counter.LOST_SHUTDOWN)).isZero();
        assertThat(outbox.heldSamples()).isZero();
    }

    @Test
    void theNewestBucketGoesFirstAndTheBoundHolds() throws JsonProcessingException {
        Outbox outbox = outbox(Ambiguous.RESEND);
        for (int bucket = 0; bucket < 20; bucket++) {
            Batches batch = new Batches();
            for (int i = 0; i < 250; i++) {
                batch.count("c." + bucket + "." + i, BUCKET_S + bucket * 10L, 1);
            }
            outbox.offer(batch.build(), BUCKET_S * 1_000);
        }

        write(outbox, 20_000, out);

        assertThat(out.size()).isBetween(15_000, 20_000);
        List<String> names = names();
        assertThat(names.subList(0, 250)).allMatch(name -> name.startsWith("c.19."));
        String lastName = names.getLast();
        int last = Integer.parseInt(lastName.substring(2, lastName.lastIndexOf('.')));
        assertThat(names).contains("c." + (last + 1) + ".0", "c." + (last + 1) + ".249");
        assertThat(counters.value(Counter.LOST_DEAD_LETTERED)).isEqualTo(names.size());
        assertThat(counters.value(Counter.LOST_SHUTDOWN)).isEqualTo(5_000 - names.size());
    }

    @Test
    void aLetterIsAboutALineLong() {
        Outbox outbox = outbox(Ambiguous.RESEND);
        Batches batch = new Batches();
        for (int i = 0; i < 60_000; i++) {
            batch.count("a.name.of.a.metric." + Long.toHexString(i * 0x9e3779b97f4a7c15L), BUCKET_S, 1);
        }
        outbox.offer(batch.build(), BUCKET_S * 1_000);

        write(outbox, 10_000_000, out);

        List<String> lines = lines();
        assertThat(lines).hasSizeLessThan(60).allMatch(line -> line.length() < DeadLetter.MAX_LINE_BYTES);
        assertThat(lines.stream().mapToInt(String::length).max().orElse(0)).isGreaterThan(100_000);
    }

    @Test
    void lettersOfTwoLivesHaveDifferentIds() throws JsonProcessingException {
        for (int life = 0; life < 2; life++) {
            Outbox outbox = outbox(Ambiguous.RESEND);
            outbox.offer(new Batches().check("k").event("e").build(), BUCKET_S * 1_000);
            write(outbox, 1_000_000, out);
        }

        assertThat(letters())
                .extracting(letter -> letter.path("id").asText())
                .doesNotHaveDuplicates()
                .hasSize(4);
    }

    @Test
    void whatNobodyReadsIsLostAtShutdownAndNobodyWaitsForLong() {
        Outbox outbox = outbox(Ambiguous.RESEND);
        outbox.offer(new Batches().count("c", BUCKET_S, 3).build(), BUCKET_S * 1_000);
        CountDownLatch never = new CountDownLatch(1);
        OutputStream unread = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                try {
                    never.await();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
            }
        };
        long startNs = System.nanoTime();

        new DeadLetters(1_000_000, unread, clock).write(outbox.takeRemains(), Deadline.after(clock.nowNs(), 50));
        outbox.close();

        assertThat(System.nanoTime() - startNs).isLessThan(5_000_000_000L);
        assertThat(counters.value(Counter.LOST_SHUTDOWN)).isEqualTo(3);
        assertThat(counters.value(Counter.LOST_DEAD_LETTERED)).isZero();
    }

    @Test
    void aSketchInTheAirMayBeThereTwiceAfterAReplayWhereItIsResent() {
        Outbox outbox = inTheAir(Ambiguous.RESEND);
        write(outbox, 1_000_000, out);

        assertThat(counters.value(Counter.LOST_DEAD_LETTERED)).isEqualTo(4);
        assertThat(counters.value(Counter.POSSIBLY_DUPLICATED)).isEqualTo(4);
    }

    @Test
    void aSketchInTheAirIsInNoLetterWhereItIsDropped() {
        Outbox outbox = inTheAir(Ambiguous.DROP);
        write(outbox, 1_000_000, out);

        assertThat(counters.value(Counter.LOST_AMBIGUOUS)).isEqualTo(4);
        assertThat(counters.value(Counter.LOST_DEAD_LETTERED)).isZero();
        assertThat(lines()).isEmpty();
    }

    private Outbox inTheAir(Ambiguous policy) {
        Outbox outbox = outbox(policy);
        outbox.offer(new Batches().sketch("d", BUCKET_S, 4).build(), BUCKET_S * 1_000);
        for (Shelf<?> shelf : outbox.shelves()) {
            if (shelf.canTake()) {
                shelf.take(false);
                assertThat(shelf.carve(new PayloadSerializer(true), 10)).isNotNull();
            }
        }
        return outbox;
    }

    private Outbox outbox(Ambiguous policy) {
        return new Outbox(counters, policy, 64 << 20);
    }

    private void write(Outbox outbox, int maxBytes, OutputStream to) {
        new DeadLetters(maxBytes, to, clock).write(outbox.takeRemains(), Deadline.after(clock.nowNs(), 9_000));
        outbox.close();
    }

    private List<String> lines() {
        return out.toString(StandardCharsets.US_ASCII).lines().toList();
    }

    private List<JsonNode> letters() throws JsonProcessingException {
        List<JsonNode> letters = new ArrayList<>();
        for (String line : lines()) {
            letters.add(new ObjectMapper().readTree(line.substring(line.indexOf('{'))));
        }
        return letters;
    }

    /** What is in the letters, all of which are one line, in order. */
    private List<String> names() throws JsonProcessingException {
        List<String> names = new ArrayList<>();
        for (JsonNode letter : letters()) {
            assertThat(letter.path("parts").asInt()).isOne();
            DecodedPayload payload = PayloadDecoder.decode(
                    PATHS.getOrDefault(letter.path("kind").asText(), ""),
                    Map.of("Content-Encoding", "deflate"),
                    Base64.getDecoder().decode(letter.path("data").asText()));
            assertThat(payload.problems()).isEmpty();
            payload.series().forEach(series -> names.add(series.metric()));
            payload.sketches().forEach(sketch -> names.add(sketch.metric()));
            payload.events().forEach(event -> names.add(event.title()));
            payload.checks().forEach(check -> names.add(check.name()));
        }
        return names;
    }
}
