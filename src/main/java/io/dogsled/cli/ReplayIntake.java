package io.dogsled.cli;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Takes letters to an intake, one after the other. 2xx is a delivery; 408, 429, 5xx and no answer are tried again, later
 * each time and as late as {@code Retry-After} asks for; anything else is a refusal. The head of an answer is the answer:
 * its body is not waited for, so an attempt ends within 30 seconds whatever the intake does. One thread.
 */
final class ReplayIntake {
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration ANSWER = Duration.ofSeconds(30);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

    /** What became of a letter. */
    enum Outcome {
        DELIVERED,
        /** It was answered in the end, but an answer before that was lost: it may have been taken twice. */
        PERHAPS_TWICE,
        /** The intake will not take it. */
        REFUSED,
        /** The intake does not take this API key: it will take no other letter either. */
        FORBIDDEN,
        /** It was tried often enough. */
        GIVEN_UP
    }

    /** What became of a letter, and the last answer to it as a part of a sentence. */
    record Result(Outcome outcome, String reason) {}

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT)
            .build();
    private final String url;
    private final String apiKey;
    private final int attempts;
    private final Duration firstPause;

    /**
     * @param url without a path
     * @param attempts at least 1
     * @param firstPause doubles with each further attempt
     */
    ReplayIntake(String url, String apiKey, int attempts, Duration firstPause) {
        this.url = url;
        this.apiKey = apiKey;
        this.attempts = attempts;
        this.firstPause = firstPause;
    }

    Result deliver(ReplayLetter letter) throws InterruptedException {
        HttpRequest request = request(letter);
        boolean doubtful = false;
        String reason = "";
        for (int attempt = 1; attempt <= attempts; attempt++) {
            Duration asked = Duration.ZERO;
            try {
                HttpResponse<InputStream> answer = client.send(request, BodyHandlers.ofInputStream());
                answer.body().close();
                reason = "answered " + answer.statusCode();
                Outcome outcome = outcome(answer.statusCode(), doubtful);
                if (outcome != Outcome.GIVEN_UP) {
                    return new Result(outcome, reason);
                }
                asked = retryAfter(answer);
            } catch (ConnectException | HttpConnectTimeoutException e) {
                reason = "cannot be reached";
            } catch (IOException e) {
                reason = "no answer";
                doubtful = letter.kind().addsUp();
            }
            if (attempt < attempts) {
                Thread.sleep(pause(attempt, asked));
            }
        }
        return new Result(Outcome.GIVEN_UP, reason + (doubtful ? ", perhaps taken" : ""));
    }

    /** What a status means; {@link Outcome#GIVEN_UP} if it is to be tried again. */
    private static Outcome outcome(int status, boolean doubtful) {
        if (status >= 200 && status < 300) {
            return doubtful ? Outcome.PERHAPS_TWICE : Outcome.DELIVERED;
        }
        if (status == 403) {
            return Outcome.FORBIDDEN;
        }
        return status == 408 || status == 429 || status >= 500 ? Outcome.GIVEN_UP : Outcome.REFUSED;
    }

    private HttpRequest request(ReplayLetter letter) {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create(url + letter.kind().path()))
                .timeout(ANSWER)
                .header("DD-API-KEY", apiKey)
                .header("User-Agent", "dogsled-replay")
                .POST(BodyPublishers.ofByteArray(letter.body()));
        letter.headers().forEach(request::header);
        return request.build();
    }

    /** Twice as long each time, somewhere in the upper half: many who replay at once do not meet again. */
    private Duration pause(int attempt, Duration asked) {
        long wholeMs = firstPause.multipliedBy(1L << Math.min(attempt - 1, 16)).toMillis();
        long ownMs = wholeMs / 2 + ThreadLocalRandom.current().nextLong(wholeMs / 2 + 1);
        long pauseMs = Math.max(ownMs, asked.toMillis());
        return Duration.ofMillis(Math.min(pauseMs, LONGEST_PAUSE.toMillis()));
    }

    private static Duration retryAfter(HttpResponse<?> answer) {
        try {
            return Duration.ofSeconds(Math.clamp(
                    Long.parseLong(answer.headers()
                            .firstValue("Retry-After")
                            .orElse("0")
                            .strip()),
                    0,
                    3_600));
        } catch (NumberFormatException e) {
            return Duration.ZERO; // a date, which nobody sends to a client of metrics
        }
    }
}
