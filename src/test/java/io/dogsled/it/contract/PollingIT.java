package io.dogsled.it.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.dogsled.emulator.Fault;
import io.dogsled.emulator.Invocation;
import io.dogsled.it.Platform;
import io.dogsled.testing.ContractCase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** NXT: how the extension asks for its next event, and what it makes of the answer. */
@Timeout(60)
class PollingIT {
    @RegisterExtension
    private final Trial trial = new Trial();

    @Test
    @ContractCase("NXT-04")
    void anInvokeWithoutTracingAndEventIdentifierIsAnInvoke() {
        trial.sandbox().always(Fault.Route.NEXT, Fault.withoutHeader("Lambda-Extension-Event-Identifier"));
        for (int i = 0; i < 3; i++) {
            Invocation.Request request = Invocation.Request.of("orders:1|c").withoutTrace();
            Platform.succeeds(trial.sandbox().invoke(request).result().join());
            assertThat(trial.count("orders")).isEqualTo(i + 1);
        }
        trial.shutdown();
    }
}
