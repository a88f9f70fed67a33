package io.dogsled.cli;

import java.util.Optional;

/**
 * How a story ended.
 *
 * <ul>
 *   <li>0: everything arrived as it was reported, the ledger knows of every sample, perhaps of more than the function
 *       reported, and has nothing to confess; of a function that reported nothing, only the ledger is judged;
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
        if (account.received() < emitted && account.kernelDropped() == 0) {
            return new Verdict(
                    1,
                    "The function reported " + emitted + " samples, the extension received " + account.received()
                            + ".");
        }
        if (equal && !confesses) {
            return well(account.received(), emitted);
        }
        if (confesses) {
            return new Verdict(3, "Not everything arrived, or something twice; the ledger balances and names it.");
        }
        return new Verdict(1, "What arrived is not what was emitted, and the ledger does not say why.");
    }

    /** A function may report less than it sent, or nothing: more received than reported is not a loss. */
    private static Verdict well(long received, int reported) {
        if (reported <= 0) {
            return new Verdict(
                    0,
                    "The function listed nothing as emitted, so only the ledger was judged: it balances, and names "
                            + "nothing as lost, of " + received + " samples.");
        }
        String sentence = received <= reported
                ? "Everything that was emitted arrived, and the ledger balances."
                : "The function reported " + reported + " of the " + received
                        + " samples that the extension received; what it reported arrived, and the ledger balances.";
        return new Verdict(0, sentence);
    }

    /** The exit status in words; make has only one of its own for all of them. */
    String meaning() {
        String words = switch (exitCode) {
            case 0 -> "all is well";
            case 3 -> "something is missing or there twice, and the ledger names it";
            default -> "something went wrong that the ledger does not explain";
        };
        return "Exit status " + exitCode + ": " + words + (exitCode == 0 ? "." : " (make turns it into its own 2).");
    }
}
