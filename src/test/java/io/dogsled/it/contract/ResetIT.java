package io.dogsled.it.contract;

import static io.dogsled.it.Platform.EXTENSION;
import static org.assertj.core.api.Assertions.assertThat;

import io.dogsled.emulator.Invocation;
import io.dogsled.emulator.Mark;
import io.dogsled.emulator.Sandbox;
import io.dogsled.it.Packaged;
import io.dogsled.it.Platform;
import io.dogsled.testing.ContractCase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** RST: a life of the environment ends before its time, and the next one begins in the same sandbox, with the same {@code /tmp}. */
@Timeout(120)
class ResetIT {
    /** Shows in its exit what a file tells it: it polls for ever, and ends at an event if the file is there. */
    private static final String OTHER = """
            #!/bin/bash
            call() { # method path body
                exec 3<>"/dev/tcp/${AWS_LAMBDA_RUNTIME_API%%:*}/${AWS_LAMBDA_RUNTIME_API##*:}"
                printf '%s %s HTTP/1.1\\r\\nHost: x\\r\\nConnection: close\\r\\nLambda-Extension-Name: other\\r\\nLambda-Extension-Identifier: %s\\r\\nContent-Length: %d\\r\\n\\r\\n%s' \\
                    "$1" "/2020-01-01/extension/$2" "$id" "${#3}" "$3" >&3
                answer=$(cat <&3)
                exec 3>&-
            }
            [ -e FLAG.late ] && read -t 1 <> <(:)
            [ -e FLAG.early ] && exit 7
            call POST register '{"events":["INVOKE","SHUTDOWN"]}'
            id=$(printf '%s' "$answer" | tr -d '\\r' | sed -n 's/^[Ll]ambda-[Ee]xtension-[Ii]dentifier: //p')
            while :; do
                call GET event/next ''
                case $answer in *'"SHUTDOWN"'*) exit 0 ;; esac
                [ -e FLAG ] && exit 7
            done
            """;

    @RegisterExtension
    private final Trial trial = new Trial();

    @TempDir
    private Path folder;

    @Test
    @ContractCase("RST-01")
    void afterATimeoutOfTheFunctionASecondLifeWorksLikeTheFirst() {
        trial.runtime(FunctionProcess.command(trial.port())).emulator().timeout(Duration.ofSeconds(4));
        trial.warmUp();
        trial.succeeds("first:1|c");
        Invocation.Result late = trial.invoke("hang");
        assertThat(late.outcome()).isEqualTo(Invocation.Outcome.TIMEOUT);
        livesAgain("timeout");
    }

    @Test
    void afterAnExitOfTheRuntimeASecondLifeWorksLikeTheFirst() {
        trial.runtime(FunctionProcess.command(trial.port()));
        trial.warmUp();
        trial.succeeds("first:1|c");
        Invocation.Result crashed = trial.invoke("exit");
        assertThat(crashed.outcome()).isEqualTo(Invocation.Outcome.CRASH);
        livesAgain("failure");
    }

    private void livesAgain(String reason) {
        assertThat(trial.sandbox().marks(Mark.Kind.SHUTDOWN, "platform"))
                .extracting(Mark::detail)
                .containsExactly(reason);
        trial.endedWell();

        trial.warmUp();
        trial.succeeds("second:1|c");
        trial.shutdown();
        assertThat(trial.sandbox().marks(Mark.Kind.REGISTERED, EXTENSION)).hasSize(2);
        assertThat(trial.count("first")).isEqualTo(1);
        assertThat(trial.count("second")).isEqualTo(1);
        assertThat(trial.lines("in use")).isEmpty();
    }

    @Test
    @ContractCase("RST-03")
    void whatAKilledLifeLeftBehindDoesNotPreventTheNext() throws Exception {
        Path socket = folder.resolve("dsd.socket");
        Path stream = folder.resolve("stream.socket");
        trial.runtime(FunctionProcess.command(trial.port()));
        trial.with("DD_DOGSTATSD_SOCKET", socket.toString()).with("DD_DOGSTATSD_STREAM_SOCKET", stream.toString());
        trial.warmUp();
        ProcessHandle launcher =
                ProcessHandle.of(trial.sandbox().pid(EXTENSION).orElseThrow()).orElseThrow();
        Platform.signal("KILL", launcher);
        Invocation.Result crashed = trial.invoke("{}");
        assertThat(crashed.errorType()).isEqualTo("Extension.Crash");
        assertThat(Files.exists(socket)).as("it had no time to clean up").isTrue();

        trial.warmUp();
        trial.succeeds("second:1|c");
        assertThat(trial.count("second")).isEqualTo(1);
        trial.shutdown();
        assertThat(trial.lines("in use")).isEmpty();
    }

    @Test
    void anInitThatTakesTooLongIsDoneAgainWithinTheFirstInvocation() throws Exception {
        Path slow = Files.createFile(folder.resolve("slow"));
        trial.runtime(FunctionProcess.command(trial.port(), 1, slow))
                .emulator()
                .initTimeout(Duration.ofSeconds(3))
                .timeout(Duration.ofSeconds(20));
        trial.succeeds("orders:1|c");
        trial.shutdown();

        assertThat(trial.count("orders")).isEqualTo(1);
        assertThat(trial.sandbox().marks(Mark.Kind.INIT_DONE, "platform"))
                .extracting(Mark::detail)
                .containsExactly("timeout", "success");
        assertThat(trial.sandbox().marks(Mark.Kind.REGISTERED, EXTENSION)).hasSize(2);
        assertThat(trial.sandbox().marks(Mark.Kind.EXIT, EXTENSION))
                .extracting(Mark::detail)
                .containsExactly("0", "0");
    }

    @Test
    void severalExtensionsShareTheBarrierAndEveryInvocation() throws Exception {
        Path flag = withAnother();
        Files.createFile(Path.of(flag + ".late"));
        trial.init();
        Sandbox sandbox = trial.sandbox();
        long runtimeNs = sandbox.marks(Mark.Kind.EXEC, "runtime").getFirst().atNs();
        assertThat(sandbox.marks(Mark.Kind.REGISTERED, "other").getFirst().atNs())
                .isLessThan(runtimeNs);
        assertThat(trial.first(Mark.Kind.NEXT).atNs())
                .as("it polls while the other has not even registered")
                .isLessThan(
                        sandbox.marks(Mark.Kind.REGISTERED, "other").getFirst().atNs());
        trial.warmUp();
        trial.succeeds("orders:1|c");
        trial.shutdown();
        assertThat(trial.count("orders")).isEqualTo(1);
        assertThat(sandbox.exitCode("other")).hasValue(0);
    }

    @Test
    void anotherExtensionsCrashIsAShutdownForThisOne() throws Exception {
        Path flag = withAnother();
        trial.warmUp();
        trial.send("orders:1|c");
        Files.createFile(flag);
        Invocation.Result crashed = trial.invoke("{}");
        assertThat(crashed.errorType()).isEqualTo("Extension.Crash");
        trial.endedWell();
        assertThat(trial.count("orders")).isEqualTo(1);

        Files.delete(flag);
        trial.warmUp();
        trial.succeeds("second:1|c");
        trial.shutdown();
        assertThat(trial.count("second")).isEqualTo(1);
    }

    @Test
    void anotherExtensionThatCannotStartFailsTheInitAndThisOneLeavesInGoodOrder() throws Exception {
        Path flag = withAnother();
        Path early = Files.createFile(Path.of(flag + ".early"));
        Sandbox.InitReport failed = trial.sandbox().init();
        assertThat(failed.errorType()).isEqualTo("Extension.Crash");
        trial.endedWell();

        Files.delete(early);
        trial.warmUp();
        trial.shutdown();
    }

    /** Puts another extension beside ours; returns the file that ends it. */
    private Path withAnother() throws IOException, InterruptedException {
        Path layer = folder.resolve("layer");
        int copied = new ProcessBuilder("cp", "-a", Packaged.layer().toString(), layer.toString())
                .inheritIO()
                .start()
                .waitFor();
        assertThat(copied).isZero();
        Path flag = folder.resolve("flag");
        Path other = layer.resolve("extensions/other");
        Files.writeString(other, OTHER.replace("FLAG", flag.toString()));
        Files.setPosixFilePermissions(other, PosixFilePermissions.fromString("rwxr-xr-x"));
        trial.runtime(FunctionProcess.command(trial.port())).emulator().layer(layer);
        return flag;
    }

    @Test
    void aRuntimeThatIgnoresItsEndCostsThreeHundredMillisecondsAndNoData() {
        trial.runtime(List.of(
                "/bin/sh", "-c", "trap '' TERM; " + quoted(FunctionProcess.command(trial.port())) + " & wait; wait"));
        trial.warmUp();
        trial.send("last:1|c");
        trial.shutdown();
        assertThat(trial.count("last")).isEqualTo(1);
        Mark shutdown = trial.sandbox().marks(Mark.Kind.SHUTDOWN, "platform").getFirst();
        Mark event = trial.sandbox().marks(Mark.Kind.EVENT, EXTENSION).getLast();
        assertThat(Duration.ofNanos(event.atNs() - shutdown.atNs())).isGreaterThan(Duration.ofMillis(290));
    }

    private static String quoted(List<String> command) {
        return "'" + String.join("' '", command) + "'";
    }
}
