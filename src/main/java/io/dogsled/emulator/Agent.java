package io.dogsled.emulator;

import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * One extension of a generation: a file of the layer ({@code external}), or something inside the runtime that registered
 * itself. Every field is guarded by the sandbox's {@link Monitor}.
 */
final class Agent {
    private final String name;
    private final boolean external;
    private final String id = UUID.randomUUID().toString();
    private final Set<Event> events = EnumSet.noneOf(Event.class);
    private AgentState state = AgentState.STARTED;
    private Optional<ApiReply> pending = Optional.empty();
    private String errorType = "";
    private int outstanding;
    private long readyNs;

    Agent(String name, boolean external) {
        this.name = name;
        this.external = external;
    }

    String name() {
        return name;
    }

    boolean external() {
        return external;
    }

    String id() {
        return id;
    }

    Set<Event> events() {
        return Set.copyOf(events);
    }

    boolean subscribed(Event event) {
        return events.contains(event);
    }

    AgentState state() {
        return state;
    }

    /** Back in next. */
    void ready(long nowNs) {
        state = AgentState.READY;
        readyNs = nowNs;
    }

    long readyNs() {
        return readyNs;
    }

    void move(AgentState to) {
        state = to;
    }

    /** First error wins, as the platform counts it. */
    void fail(AgentState to, String type) {
        if (state != to) {
            errorType = type;
            state = to;
        }
    }

    String errorType() {
        return errorType;
    }

    void register(Set<Event> subscribed) {
        events.addAll(subscribed);
        state = AgentState.REGISTERED;
    }

    /** Hands over an event: to the poll that waits, or to the one that will come. */
    void offer(ApiReply event) {
        pending = Optional.of(event);
    }

    boolean hasPending() {
        return pending.isPresent();
    }

    /** Takes the event for a waiting poll. */
    Optional<ApiReply> take() {
        Optional<ApiReply> event = pending;
        pending = Optional.empty();
        if (event.isPresent()) {
            state = AgentState.RUNNING;
        }
        return event;
    }

    /** Counts requests for next that are in the air; returns how many that makes. */
    int outstanding(int change) {
        outstanding += change;
        return outstanding;
    }

    /** What an extension can subscribe to. */
    enum Event {
        INVOKE,
        SHUTDOWN
    }
}
