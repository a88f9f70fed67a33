package io.dogsled.flush;

import io.dogsled.base.Counter;
import io.dogsled.base.Counters;
import io.dogsled.base.Log;
import io.dogsled.base.OncePerMinute;
import io.dogsled.forwarder.AdditionalEndpoint;
import io.dogsled.forwarder.Forwarders;
import java.util.ArrayList;
import java.util.List;

/**
 * Says what was lost while it can still be helped: one line for each reason and minute, of the main endpoint and of each
 * additional one, with how many since the line before and what to do about it; at the end what was not said yet. Two
 * reasons are left out: what the block list takes is meant to go, and what a snapshot costs is said when it is restored.
 *
 * <p>The main thread, at moments when nobody waits.
 */
public final class LossLines {
    private static final Counter[] ALL = Counter.values();

    private final Log log;
    private final List<Book> books = new ArrayList<>();

    /** {@code counters}: the main endpoint's. */
    public LossLines(Counters counters, Forwarders forwarders, Log log) {
        this.log = log;
        books.add(new Book("", counters));
        for (AdditionalEndpoint other : forwarders.additional()) {
            books.add(new Book("endpoint " + other.url() + " (key " + other.key() + "): ", other.counters()));
        }
    }

    /** Says what is due; {@code nowMs} is the wall clock's. */
    public void check(long nowMs) {
        sayAll(false, nowMs);
    }

    /** The end: says what no line has named. */
    public void last() {
        sayAll(true, 0);
    }

    private void sayAll(boolean atOnce, long nowMs) {
        for (Book book : books) {
            for (Counter reason : ALL) {
                if (isWorthALine(reason) && book.unsaid(reason) > 0 && (atOnce || book.isDue(reason, nowMs))) {
                    say(book, reason);
                }
            }
        }
    }

    private void say(Book book, Counter reason) {
        long unsaid = book.unsaid(reason);
        long all = book.counters.value(reason);
        book.said[reason.ordinal()] = all;
        log.warn(book.prefix + "lost " + unsaid + (unsaid == all ? "" : ", " + all + " in all") + " (" + reason.label()
                + "): " + reason.meaning() + "; " + advice(reason));
    }

    private static boolean isWorthALine(Counter counter) {
        return counter.kind() == Counter.Kind.LOST
                && counter != Counter.LOST_BLOCKED
                && counter != Counter.LOST_SNAPSHOT;
    }

    private static String advice(Counter reason) {
        return switch (reason) {
            case LOST_SHUTDOWN -> "check whether the function reaches the intake, and how fast it answers";
            case LOST_DEAD_LETTERED -> "`dogsled replay` delivers them from this log";
            case LOST_REFUSED -> "the line about the intake's answer says why";
            case LOST_FORBIDDEN -> "check the API key, and that it belongs to this site";
            case LOST_QUEUE_FULL -> "the intake was away for too long for what the function sends meanwhile";
            case LOST_TOO_LARGE -> "shorten names, tags and texts";
            case LOST_NOT_FINITE -> "look for divisions by zero and rates near zero in what the function sends";
            case LOST_NO_ROOM -> "send fewer events and checks between two flushes, or shorter ones";
            case LOST_AMBIGUOUS -> "DD_DOGSLED_AMBIGUOUS=resend keeps them, and may count some twice";
            case LOST_ENGINE -> "give the function more memory, which gives it more CPU";
            case LOST_LONG_DATAGRAM -> "let the client send shorter datagrams";
            default -> "see docs/configuration.md";
        };
    }

    /** What was said of one endpoint. */
    private static final class Book {
        private final String prefix;
        private final Counters counters;
        private final long[] said = new long[ALL.length];
        private final OncePerMinute[] minutes = new OncePerMinute[ALL.length];

        Book(String prefix, Counters counters) {
            this.prefix = prefix;
            this.counters = counters;
            for (int i = 0; i < ALL.length; i++) {
                minutes[i] = new OncePerMinute();
            }
        }

        /** A copy of a snapshot counts from 0 again. */
        long unsaid(Counter reason) {
            long value = counters.value(reason);
            long before = said[reason.ordinal()];
            return value < before ? value : value - before;
        }

        boolean isDue(Counter reason, long nowMs) {
            return minutes[reason.ordinal()].isDue(nowMs);
        }
    }
}
