package io.dogsled.emulator;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One life of the environment, from an init to the reset or shutdown that ends it. Guarded by the sandbox's {@link Monitor}.
 *
 * <p>The first fatal error wins, later ones are ignored, and all are ignored once the shutdown has begun
 * (aws/aws-lambda-runtime-interface-emulator, rapid/exit.go).
 */
final class Generation {
    private static final int MAX_EXTENSIONS = 10;

    private final Map<String, Agent> byName = new LinkedHashMap<>();
    private final RuntimeSlot runtime;
    private Optional<Fatal> fatal = Optional.empty();
    private boolean registrationOpen = true;
    private boolean subscriptionOpen = true;
    private boolean shuttingDown;
    private boolean over;

    Generation(List<String> externalNames, boolean parallel) {
        externalNames.forEach(name -> byName.put(name, new Agent(name, true)));
        runtime = new RuntimeSlot(parallel);
    }

    List<Agent> agents() {
        return List.copyOf(byName.values());
    }

    Optional<Agent> byName(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** The extension that this identifier was given to. */
    Optional<Agent> byId(String id) {
        return byName.values().stream()
                .filter(agent -> agent.state() != AgentState.STARTED)
                .filter(agent -> agent.id().equals(id))
                .findFirst();
    }

    boolean full() {
        return byName.size() >= MAX_EXTENSIONS;
    }

    Agent addInternal(String name) {
        Agent agent = new Agent(name, false);
        byName.put(name, agent);
        return agent;
    }

    RuntimeSlot runtime() {
        return runtime;
    }

    boolean allExternalRegistered() {
        return byName.values().stream().allMatch(agent -> agent.state() != AgentState.STARTED);
    }

    /** True when every registered extension waits in next. */
    boolean allReady() {
        return byName.values().stream().allMatch(agent -> agent.state() == AgentState.READY && !agent.hasPending());
    }

    /** True when those that saw the invocation are back in next. */
    boolean invokeSubscribersReady() {
        return byName.values().stream()
                .filter(agent -> agent.subscribed(Agent.Event.INVOKE))
                .allMatch(agent -> agent.state() == AgentState.READY && !agent.hasPending());
    }

    /** When the last of those that saw the invocation came back, {@code otherwiseNs} if none saw it. */
    long lastReadyNs(long otherwiseNs) {
        return byName.values().stream()
                .filter(agent -> agent.subscribed(Agent.Event.INVOKE))
                .mapToLong(Agent::readyNs)
                .reduce(otherwiseNs, Math::max);
    }

    void fatal(String errorType, String message) {
        if (fatal.isEmpty() && !shuttingDown) {
            fatal = Optional.of(new Fatal(errorType, message));
        }
    }

    Optional<Fatal> fatal() {
        return fatal;
    }

    boolean registrationOpen() {
        return registrationOpen;
    }

    void closeRegistration() {
        registrationOpen = false;
    }

    boolean subscriptionOpen() {
        return subscriptionOpen;
    }

    void closeSubscription() {
        subscriptionOpen = false;
    }

    void beginShutdown() {
        shuttingDown = true;
    }

    boolean shuttingDown() {
        return shuttingDown;
    }

    /** Nobody is answered any more. */
    void end() {
        over = true;
    }

    boolean over() {
        return over;
    }

    /** What ended this generation before its time; the message is for the caller. */
    record Fatal(String errorType, String message) {}
}
