package io.dogsled.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The strict state machine and its refusals: spec of the Extensions API, checked over HTTP. */
class ExtensionsApiTest {
    private final Sandbox sandbox =
            Emulator.newEmulator().scriptedExtension("dogsled").start();
    private final LambdaClient client = new LambdaClient(sandbox);
    private final CompletableFuture<Void> init = Scripted.init(sandbox);

    @AfterEach
    void close() {
        sandbox.close();
        init.cancel(true);
    }

    @Test
    void registeringGivesAnIdentifierAndTheFunction() {
        HttpResponse<String> response = client.register("dogsled");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(client.id()).matches("[0-9a-f-]{36}");
        assertThat(response.body())
                .isEqualTo("{\"functionName\":\"sample\",\"functionVersion\":\"$LATEST\",\"handler\":\"handler\","
                        + "\"accountId\":\"123456789012\"}");
        assertThat(sandbox.violations()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "``      | {}                                    | Extension.InvalidExtensionName",
                "dogsled | ``                                    | InvalidRequestFormat",
                "dogsled | nonsense                              | InvalidRequestFormat",
                "dogsled | {\"configurationKeys\":[\"a\"]}       | InvalidRequestFormat",
                "dogsled | {\"events\":[\"INVOKE\",\"OTHER\"]}   | Extension.InvalidEventType",
                "another | {\"events\":[\"SHUTDOWN\"]}           | Extension.InvalidEventType",
            })
    void aWrongRegistrationIsForbidden(String name, String body, String errorType) {
        HttpResponse<String> response = client.register(name, body);

        assertThat(response.statusCode()).isEqualTo(403);
        assertThat(response.body())
                .contains("\"errorType\":\"" + errorType + "\"")
                .endsWith("}\n");
        assertThat(errorTypes()).containsExactly(errorType);
    }

    @Test
    void aSecondRegistrationIsForbiddenAndTheFirstStaysValid() {
        client.register("dogsled");
        HttpResponse<String> second = new LambdaClient(sandbox).register("dogsled");

        assertThat(second.statusCode()).isEqualTo(403);
        assertThat(second.body()).contains("Extension.InvalidExtensionState").contains("Registered to Registered");
        assertThat(client.error("init", "Extension.Test").statusCode()).isEqualTo(202);
    }

    @Test
    void anInternalExtensionMayRegisterForInvokeUntilThereAreTen() {
        for (int i = 0; i < 9; i++) {
            String body = "{\"events\":[\"INVOKE\"]}";
            assertThat(client.register("internal" + i, body).statusCode()).isEqualTo(200);
        }
        HttpResponse<String> tooMany = client.register("internal9", "{\"events\":[]}");

        assertThat(tooMany.body()).contains("Extension.TooManyExtensions");
    }

    @Test
    void registrationClosesWithTheFirstNextOfTheRuntime() {
        client.register("dogsled");
        LambdaClient runtime = new LambdaClient(sandbox);
        CompletableFuture<HttpResponse<String>> ignored = runtime.runtimeNextAsync();
        CompletableFuture<HttpResponse<String>> poll = client.nextAsync();
        init.join();

        HttpResponse<String> late = new LambdaClient(sandbox).register("late", "{\"events\":[]}");

        assertThat(late.body()).contains("Extension.RegistrationClosed");
        assertThat(poll).isNotDone();
        assertThat(ignored).isNotDone();
    }

    @ParameterizedTest
    @CsvSource({
        "'', Extension.MissingExtensionIdentifier",
        "not-a-uuid, Extension.InvalidExtensionIdentifier",
        "c4e8d1a6-0000-4000-8000-000000000000, Extension.UnknownExtensionIdentifier",
    })
    void anIdentifierMustBeOneThatWasGiven(String id, String errorType) {
        var request = client.request("/2020-01-01/extension/event/next").GET();
        HttpResponse<String> response =
                client.send(id.isEmpty() ? request : request.header("Lambda-Extension-Identifier", id));

        assertThat(response.statusCode()).isEqualTo(403);
        assertThat(response.body()).contains(errorType);
    }

    @Test
    void aSecondPollWhileOneIsOutstandingIsForbiddenAndRecorded() {
        client.register("dogsled");
        CompletableFuture<HttpResponse<String>> first = client.nextAsync();
        Scripted.await(sandbox, Mark.Kind.NEXT, "dogsled");

        HttpResponse<String> second = client.next();

        assertThat(second.statusCode()).isEqualTo(403);
        assertThat(second.body()).contains("Extension.InvalidExtensionState").contains("Ready to Ready");
        assertThat(first).isNotDone();
        assertThat(sandbox.maxOutstandingNext("dogsled")).isEqualTo(2);
        assertThat(sandbox.violations()).singleElement().satisfies(violation -> {
            assertThat(violation.who()).isEqualTo("dogsled");
            assertThat(violation.state()).isEqualTo("Ready");
            assertThat(violation.call()).isEqualTo("GET /2020-01-01/extension/event/next");
        });
    }

    @Test
    void nextAfterAReportedErrorIsForbiddenAndTheSameErrorAgainIsNot() {
        client.register("dogsled");

        assertThat(client.error("exit", "Extension.One").statusCode()).isEqualTo(202);
        assertThat(client.error("exit", "Extension.Two").statusCode()).isEqualTo(202);
        assertThat(client.next().body()).contains("Extension.InvalidExtensionState");
        assertThat(client.error("init", "Extension.One").body()).contains("Extension.InvalidExtensionState");
    }

    @Test
    void initErrorIsForbiddenOncePolled() {
        client.register("dogsled");
        CompletableFuture<HttpResponse<String>> ignored = client.nextAsync();
        Scripted.await(sandbox, Mark.Kind.NEXT, "dogsled");

        assertThat(client.error("init", "Extension.One").body()).contains("Extension.InvalidExtensionState");
        assertThat(client.error("exit", "Extension.One").statusCode()).isEqualTo(202);
        assertThat(ignored).isNotDone();
    }

    @Test
    void anErrorWithoutATypeMissesAHeader() {
        client.register("dogsled");
        HttpResponse<String> response = client.send(
                client.post("/2020-01-01/extension/init/error", "").header("Lambda-Extension-Identifier", client.id()));

        assertThat(response.body()).contains("Extension.MissingHeader");
    }

    @Test
    void anotherMethodIs405AndAnotherPath404() {
        HttpResponse<String> get =
                client.send(client.request("/2020-01-01/extension/register").GET());
        HttpResponse<String> slash =
                client.send(client.request("/2020-01-01/extension/register/").POST(BodyPublishers.ofString("{}")));

        assertThat(get.statusCode()).isEqualTo(405);
        assertThat(get.body()).isEmpty();
        assertThat(slash.statusCode()).isEqualTo(404);
        assertThat(sandbox.violations()).extracting(Violation::status).containsExactly(405, 404);
    }

    private List<String> errorTypes() {
        return sandbox.violations().stream().map(Violation::errorType).toList();
    }
}
