package io.dogsled;

import io.dogsled.flush.Flusher;
import io.dogsled.flush.Ledger;
import io.dogsled.lambda.LauncherChannel;

/**
 * Tells the launcher what this engine holds, so that somebody can say what was lost if it dies. Only when it changed: an
 * invocation without data costs no frame. Main thread.
 */
final class Holdings implements Flusher.HoldingsListener {
    private final LauncherChannel channel;
    private final Ledger ledger;
    private long said;

    private Holdings(LauncherChannel channel, Ledger ledger) {
        this.channel = channel;
        this.ledger = ledger;
    }

    /** Connects them. Here and not in ExtensionMain, which is verified before {@code ready} and would load the interface. */
    static void tell(Flusher flusher, LauncherChannel channel, Ledger ledger) {
        flusher.tell(new Holdings(channel, ledger));
    }

    @Override
    public void onHoldings() {
        long held = ledger.held();
        if (held != said) {
            said = held;
            channel.holds(held);
        }
    }
}
