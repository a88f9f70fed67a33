package io.dogsled.forwarder;

import io.dogsled.base.Deadline;
import io.dogsled.base.Instruments;
import io.dogsled.config.Config.Ambiguous;
import io.dogsled.forwarder.DeliveryResult.Delivered;
import io.dogsled.forwarder.DeliveryResult.Refused;
import io.dogsled.forwarder.DeliveryResult.Retry;
import io.dogsled.metrics.MetricBatch;
import io.dogsled.serializer.Payload;
import io.dogsled.serializer.PayloadSerializer;
import java.util.Random;
import java.util.function.Consumer;

/**
 * A forwarder without thread and network: outbox, rounds and serializer are the real ones, and the exchanges end as a text
 * says, one letter each; {@code k} when it is used up.
 *
 * <pre>
 * k  202                                    +  before the next letter: something happens while the exchange is under way
 * 5  503                                    a  written, no answer; the intake did not take it
 * 4  429 with Retry-After                   A  written, taken, no answer
 * u  not connected                          s  as a, on a used connection, so the round repeats it at once
 * t  413 for more than one value, else 503  S  as A, likewise
 * r  400                                    w  the used connection broke before all was written
 * f  403                                    T  413
 * </pre>
 */
public final class Deliveries {
    /** What the end of an exchange without an answer means for what must arrive once: sketches and events. */
    public enum Fate {
        /** As the letter says. */
        AS_WRITTEN,
        /** Not taken, so that sending again is right. */
        NOT_TAKEN,
        /** Taken at the last attempt of a round, so that not sending again is right. */
        TAKEN,
        /** Taken at every attempt that was all written, so that all that is sent again shows twice. */
        TAKEN_EACH_TIME
    }

    private static final long FOREVER_MS = 600_000;

    private final Instruments instruments;
    private final Outbox outbox;
    private final Round round;
    private final Scripted courier;
    private final Breaker breaker = new Breaker(new Random(1));
    private final Lane lane;

    /** {@code intake} gets every payload it takes; {@code meanwhile} runs for each {@code +}. */
    public Deliveries(
            Ambiguous policy, Fate fate, Instruments instruments, Consumer<Payload> intake, Runnable meanwhile) {
        Endpoint endpoint = new Endpoint("http://127.0.0.1:1", ApiKeySource.plain("key"), policy);
        this.instruments = instruments;
        this.outbox = new Outbox(instruments.counters(), policy, 16 << 20);
        this.courier = new Scripted(endpoint, instruments, fate, new Surroundings(intake, meanwhile));
        Complaints complaints = new Complaints(endpoint.url(), instruments.log(), instruments.clock());
        boolean compress = fate == Fate.TAKEN;
        this.round = new Round(
                outbox, new PayloadSerializer(compress), endpoint, new Round.Watch(instruments, complaints, breaker));
        this.lane = new Lane(round, courier, instruments, new AnswerTime());
    }

    /** Takes a batch over. */
    public void offer(MetricBatch batch) {
        outbox.offer(batch, instruments.clock().nowMs());
    }

    /** One round. That others before it failed is forgotten, so that it is not a probe; what an answer asked for is not. */
    public void round(String answers) {
        courier.answers = answers;
        breaker.flushSettled();
        if (round.begin(instruments.clock().nowMs())) {
            lane.run();
            round.end(instruments.clock().nowMs());
        }
    }

    /** The round at SHUTDOWN, answered with 202 throughout. */
    public void lastRound() {
        courier.answers = "";
        round.beginLast(Deadline.after(instruments.clock().nowNs(), FOREVER_MS));
        lane.run();
        round.end(instruments.clock().nowMs());
    }

    /** The end of the sandbox: what is left is lost. */
    public void close() {
        outbox.close();
    }

    public long heldSamples() {
        return outbox.heldSamples();
    }

    public boolean isIdle() {
        return outbox.isIdle();
    }

    private record Surroundings(Consumer<Payload> intake, Runnable meanwhile) {}

    private static final class Scripted extends Courier {
        private final Fate fate;
        private final Surroundings surroundings;
        private String answers = "";
        private boolean stale;

        Scripted(Endpoint endpoint, Instruments instruments, Fate fate, Surroundings surroundings) {
            super(endpoint, instruments.clock());
            this.fate = fate;
            this.surroundings = surroundings;
        }

        @Override
        DeliveryResult deliver(Payload payload, Deadline deadline) {
            char answer = next();
            while (answer == '+') {
                surroundings.meanwhile.run();
                answer = next();
            }
            answer = stale ? onNewConnection(answer) : answer;
            stale = "sSw".indexOf(answer) >= 0;
            if (isTaken(answer, payload.kind())) {
                surroundings.intake.accept(payload);
            }
            return result(answer, payload.items());
        }

        private char next() {
            char next = answers.isEmpty() ? 'k' : answers.charAt(0);
            answers = answers.isEmpty() ? "" : answers.substring(1);
            return next;
        }

        /** A connection that was made for the repetition is not a used one. */
        private static char onNewConnection(char answer) {
            return switch (answer) {
                case 's' -> 'a';
                case 'S' -> 'A';
                case 'w' -> 'u';
                default -> answer;
            };
        }

        private boolean isTaken(char answer, Payload.Kind kind) {
            boolean once = kind == Payload.Kind.SKETCHES || kind == Payload.Kind.EVENTS;
            Fate decided = once ? fate : Fate.AS_WRITTEN;
            return switch (answer) {
                case 'a' -> decided == Fate.TAKEN || decided == Fate.TAKEN_EACH_TIME;
                case 'A' -> decided != Fate.NOT_TAKEN;
                case 's' -> decided == Fate.TAKEN_EACH_TIME;
                case 'S' -> decided == Fate.TAKEN_EACH_TIME || decided == Fate.AS_WRITTEN;
                default -> answer == 'k';
            };
        }

        private static DeliveryResult result(char answer, int items) {
            return switch (answer) {
                case 'k' -> new Delivered("answered 202");
                case '5' -> new Retry("answered 503", 0, false);
                case '4' -> new Retry("answered 429", 2_000, false);
                case 'u' -> new Retry("not connected", 0, true);
                case 't' -> items > 1 ? new Refused(413, "answered 413") : new Retry("answered 503", 0, false);
                case 'T' -> new Refused(413, "answered 413");
                case 'r' -> new Refused(400, "answered 400");
                case 'f' -> new Refused(403, "answered 403");
                case 'a', 'A' -> new DeliveryResult.Ambiguous("no answer", false, true);
                case 's', 'S' -> new DeliveryResult.Ambiguous("no answer", true, true);
                case 'w' -> new DeliveryResult.Ambiguous("cut off", true, false);
                default -> throw new IllegalArgumentException("no such answer: " + answer);
            };
        }
    }
}
