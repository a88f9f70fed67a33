package io.dogsled.emulator;

/** The states of the function's runtime: next, then exactly one response or error, then next. */
enum RuntimeState {
    STARTED("Started"),
    INIT_ERROR("InitError"),
    /** It waits in {@code restore/next}. */
    RESTORE_READY("RestoreReady"),
    /** It runs its after-restore hooks. */
    RESTORING("Restoring"),
    RESTORE_ERROR("RestoreError"),
    READY("Ready"),
    RUNNING("Running"),
    RESPONDED("ResponseSent");

    private final String word;

    RuntimeState(String word) {
        this.word = word;
    }

    String word() {
        return word;
    }

    boolean allowsNext() {
        return this == STARTED || this == RESTORING || this == RESPONDED;
    }
}
