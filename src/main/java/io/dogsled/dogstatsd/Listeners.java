package io.dogsled.dogstatsd;

import io.dogsled.base.Deadline;
import io.dogsled.base.Instruments;
import io.dogsled.dogstatsd.listeners.Listener;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The listeners of one server: any one of them is enough, and one that cannot start does not keep the others from it
 * (flush-and-testserver.md, ST4 to ST8). Built by the thread that starts the server, used by any afterwards.
 */
final class Listeners {
    private final Instruments instruments;
    private final List<String> failures = new ArrayList<>(); // the starting thread's
    private volatile List<DogStatsDServer.Health> notStarted = Collections.emptyList();
    private volatile List<Listener> running = Collections.emptyList();

    Listeners(Instruments instruments) {
        this.instruments = instruments;
    }

    /** Starts one more; {@code remedy}: what to do if it cannot. */
    void start(Listener listener, String remedy) {
        try {
            listener.start();
        } catch (IOException | RuntimeException e) {
            failed(listener.name(), e.getMessage() + "; " + remedy);
            return;
        }
        List<Listener> more = new ArrayList<>(running);
        more.add(listener);
        running = more;
    }

    /** One that did not even come into being, and why. */
    void failed(String name, String why) {
        noneWanted(name + ": " + why);
        missing(name);
    }

    /** There is nothing to start; a line only. */
    void noneWanted(String why) {
        failures.add(why);
    }

    /** One that somebody else could not bind, and has said why. */
    void missing(String name) {
        List<DogStatsDServer.Health> more = new ArrayList<>(notStarted);
        more.add(new DogStatsDServer.Health(name, Listener.State.FAILED));
        notStarted = more;
    }

    /**
     * One line for each that could not start, if another did.
     *
     * @throws ServerStartException if none did
     */
    void requireOne() throws ServerStartException {
        if (running.isEmpty()) {
            throw new ServerStartException("listening on neither udp nor socket: " + String.join("; ", failures));
        }
        for (String failure : failures) {
            instruments.log().warn("dogstatsd: cannot listen on " + failure + "; going on without it");
        }
        failures.clear();
    }

    /** The UDP port of the first that has one, 0 if none has. */
    int localPort() {
        for (Listener listener : running) {
            if (listener.localPort() != 0) {
                return listener.localPort();
            }
        }
        return 0;
    }

    /** All of them within one deadline; whether all are sure. */
    boolean drain(Deadline deadline) {
        boolean drained = true;
        for (Listener listener : running) {
            drained &= listener.drain(deadline);
        }
        return drained;
    }

    void countKernelDrops() {
        for (Listener listener : running) {
            listener.countKernelDrops();
        }
    }

    void beginAnew() {
        for (Listener listener : running) {
            listener.beginAnew();
        }
    }

    List<DogStatsDServer.Health> health() {
        List<DogStatsDServer.Health> all = new ArrayList<>();
        for (Listener listener : running) {
            all.add(new DogStatsDServer.Health(listener.name(), listener.state()));
        }
        all.addAll(notStarted);
        return all;
    }

    void close() {
        for (Listener listener : running) {
            listener.close();
        }
    }
}
