package io.dogsled.emulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Faults happen as scripted, and a fault in place of a call leaves the state machine alone. */
class FaultTest {
    private final Sandbox sandbox =
            Emulator.newEmulator().scriptedExtension("dogsled").start();
    private final LambdaClient extension = new LambdaClient(sandbox);
    private final CompletableFuture<Void> init = Scripted.init(sandbox);

    @AfterEach
    void close() {
        sandbox.close();
        init.cancel(true);
    }

    @Test
    void aScriptedStatusHappensOnceAndIsNoViolation() {
        sandbox.script(Fault.Route.REGISTER, Fault.status(500, "InternalServerError"), Fault.status(403, ""));

        assertThat(extension.register("dogsled").body()).contains("InternalServerError");
        assertThat(extension.register("dogsled").body()).isEmpty();
        assertThat(extension.register("dogsled").statusCode()).isEqualTo(200);
        assertThat(sandbox.violations()).isEmpty();
        assertThat(sandbox.marks(Mark.Kind.CALL, "dogsled")).hasSize(3);
    }

    @Test
    void aResetBreaksTheConnectionAndNothingElse() {
        sandbox.script(Fault.Route.REGISTER, Fault.reset());

        assertThatThrownBy(() -> extension.register("dogsled")).isInstanceOf(IllegalStateException.class);
        assertThat(extension.register("dogsled").statusCode()).isEqualTo(200);
    }

    @Test
    void anAnswerMayLookUnusualAndStillSayTheSame() {
        List<Fault> shapes = List.of(
                Fault.chunked(), Fault.split(), Fault.lowerCaseHeaders(), Fault.upperCaseHeaders(), Fault.closing());
        for (int i = 0; i < shapes.size(); i++) {
            sandbox.script(Fault.Route.REGISTER, shapes.get(i));
            HttpResponse<String> response = extension.register("internal" + i, "{\"events\":[]}");
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.body())
                    .startsWith("{\"functionName\":\"sample\"")
                    .endsWith("}");
        }
    }

    @Test
    void eventsCanBeRewritten() {
        sandbox.always(Fault.Route.NEXT, Fault.body(event -> event.replace("{", "{\"extra\":[1],")));
        extension.register("dogsled");
        Scripted.echo(sandbox);
        CompletableFuture<HttpResponse<String>> poll = extension.nextAsync();
        init.join();
        Invocation invocation = sandbox.invoke(Invocation.Request.of("{}"));

        assertThat(poll.join().body()).startsWith("{\"extra\":[1],\"eventType\":\"INVOKE\"");
        assertThat(invocation.requestId()).isNotEmpty();
    }

    @Test
    void thePlatformCanGoAwayAndComeBackOnItsPort() {
        sandbox.dropApi();
        assertThatThrownBy(() -> new LambdaClient(sandbox).register("dogsled"))
                .isInstanceOf(IllegalStateException.class);

        sandbox.reopenApi();
        assertThat(new LambdaClient(sandbox).register("dogsled").statusCode()).isEqualTo(200);
    }
}
