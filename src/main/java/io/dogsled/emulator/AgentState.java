package io.dogsled.emulator;

/**
 * The states of an external extension (aws/aws-lambda-runtime-interface-emulator, core/externalagent_states.go).
 *
 * <pre>
 * STARTED ──register──► REGISTERED ──next──► READY ──event──► RUNNING ──next──► READY …
 *                        │     │              │                 │
 *                   init/error └──────────────┴── exit/error ───┘
 *                        ▼                    ▼
 *                   INIT_ERROR            EXIT_ERROR              (both: only the same call again, a no-op)
 * </pre>
 */
enum AgentState {
    STARTED("Started"),
    REGISTERED("Registered"),
    READY("Ready"),
    RUNNING("Running"),
    INIT_ERROR("InitError"),
    EXIT_ERROR("ExitError"),
    LAUNCH_ERROR("LaunchError"),
    EXITED("Exited"),
    SHUTDOWN_FAILED("ShutdownFailed");

    private final String word;

    AgentState(String word) {
        this.word = word;
    }

    /** As the platform spells it in log lines and messages. */
    String word() {
        return word;
    }

    boolean allowsNext() {
        return this == REGISTERED || this == RUNNING;
    }

    boolean allowsInitError() {
        return this == REGISTERED || this == INIT_ERROR;
    }

    boolean allowsExitError() {
        return this == REGISTERED || this == READY || this == RUNNING || this == EXIT_ERROR;
    }

    /** True once the process has ended or never began. */
    boolean gone() {
        return this == LAUNCH_ERROR || this == EXITED || this == SHUTDOWN_FAILED;
    }
}
