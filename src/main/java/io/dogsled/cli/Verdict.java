package io.dogsled.cli;

import java.util.Optional;

/**
 * How a story ended.
 *
 * <ul>
 *   <li>0: everything arrived as it was emitted, the ledger knows of every sample and has nothing to confess;
 *   <li>3: something is missing or may be there twice, and the ledger balances and names it;
 *   <li>1: anything else, an invocation that failed or a call that the platform refused included.
 * </ul>
 */
record Verdict(int exitCode, String sentence) {
    /**
     * Judges.
     *
     * @param played every invocation succeeded and no call was refused
     * @param equal what arrived is what was emitted, as far as the function tells
     * @param emitted number of samples that the function told of, -1 if it does not tell
     */
    static Verdict of(Optional<Ledger> ledger, boolean played, boolean equal, int emitted) {
        if (!played) {
            return new Verdict(1, "An invocation failed or the platform refused a call; see above.");
        }
        if (ledger.isEmpty()) {
            return new Verdict(1, "The extension left no ledger, so nobody can say what became of the samples.");
        }
        Ledger account = ledger.get();
        if (!account.balances()) {
            return new Verdict(1, "The ledger does not balance.");
        }
        boolean confesses = account.namesSomething();
        if (emitted >= 0 && account.received() != emitted && account.kernelDropped() == 0) {
            return new Verdict(
                    1,
                    "The function emitted " + emitted + " samples, the extension knows of " + account.received() + ".");
        }
        if (equal && !confesses) {
            return new Verdict(0, "Everything that was emitted arrived, and the ledger balances.");
        }
        if (confesses) {
            return new Verdict(3, "Not everything arrived, or something twice; the ledger balances and names it.");
        }
        return new Verdict(1, "What arrived is not what was emitted, and the ledger does not say why.");
    }
}
