package io.dogsled.emulator;

import java.time.Duration;

/** The worlds an extension can meet; each constant lists in what it differs from production. */
public enum Mode {
    /** On-demand Lambda: early response, telemetry, freeze, 10 s of init, lower-case shutdown reasons. */
    PRODUCTION("on-demand"),

    /** Production with provisioned concurrency: init long before the first invocation, and with minutes of time. */
    PROVISIONED_CONCURRENCY("provisioned-concurrency"),

    /**
     * Production with SnapStart: after init everything stands still in a snapshot; {@link Sandbox#restore}, or the first invocation,
     * wakes it later. The telemetry of that init is told again then, and the runtime learns of it from {@code restore/next}.
     */
    SNAP_START("snap-start"),

    /**
     * AWS's runtime interface emulator, which is what {@code sam local} runs: the response waits for the extensions, telemetry
     * answers 202, SHUTDOWN is {@code text/plain} with other reasons, no account id, no freeze, the function timeout bounds init.
     */
    RIE(""),

    /** Lambda Managed Instances: INVOKE refused with 403, invocations in parallel, no freeze, no {@code platform.runtimeDone}. */
    MANAGED_INSTANCES("lambda-managed-instances");

    private final String initializationType;

    Mode(String initializationType) {
        this.initializationType = initializationType;
    }

    /** The value of {@code AWS_LAMBDA_INITIALIZATION_TYPE}; empty when the world does not set it. */
    String initializationType() {
        return initializationType;
    }

    boolean holdsResponse() {
        return this == RIE;
    }

    boolean freezes() {
        return inProduction();
    }

    boolean hasTelemetry() {
        return this != RIE;
    }

    /** What a runtime may use of the shutdown's 2000 ms (aws/aws-lambda-runtime-interface-emulator, rapid/shutdown.go). */
    public Duration runtimeShutdownShare() {
        return Duration.ofMillis(inProduction() ? 300 : 600);
    }

    private boolean inProduction() {
        return this == PRODUCTION || this == PROVISIONED_CONCURRENCY || this == SNAP_START;
    }

    /** The word in {@code shutdownReason} for the cause. */
    String reason(ShutdownCause cause) {
        return switch (cause) {
            case SPINDOWN -> this == RIE ? "SandboxTerminated" : "spindown";
            case TIMEOUT -> this == RIE ? "Timeout" : "timeout";
            case FAILURE -> this == RIE ? "ReleaseFail" : "failure";
            case FAILED_INIT -> this == RIE ? "spindown" : "failure";
        };
    }

    /** Why an environment or a generation of it ends. */
    enum ShutdownCause {
        SPINDOWN,
        TIMEOUT,
        FAILURE,
        FAILED_INIT
    }
}
