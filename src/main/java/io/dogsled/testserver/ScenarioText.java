package io.dogsled.testserver;

import io.dogsled.testserver.Scenario.Cut;
import java.time.Duration;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Scenarios as written on a command line.
 *
 * <pre>
 * [route=]what[:duration][xTIMES]
 *
 * 503            status for ever            503,202          statuses in rotation
 * 429:5s         with Retry-After: 5        503x5            the first five requests
 * latency:1s     wait before reading        slow-headers:1s  wait before the answer
 * latency:20ms..200ms      any time between the two
 * latency:p50=20ms,p99=2s  log-normal: half wait at most 20 ms, 99 of 100 at most 2 s
 * slow-body:1s   wait after the headers     slow-middle:1s   wait in the middle of the answer's body
 * drip[:20ms]    the body byte by byte      close            Connection: close
 * reset          before the answer, nothing taken           reset-at-once     before reading the body
 * lose-answer    taken, then reset          reset-after-headers, reset-mid-body
 * blackhole      never answer               /api/v2/series=503x2              for paths beginning so
 * </pre>
 */
final class ScenarioText {
    private static final Pattern FORM = Pattern.compile(
            "(?:(?<route>/[^=]*)=)?(?<what>[a-z-]+|\\d+(?:,\\d+)*)(?::(?<time>[\\w.=,]+?))?(?:x(?<times>\\d{1,7}))?");
    private static final Pattern TAIL = Pattern.compile("p50=(\\w+),p99=(\\w+)");
    private static final String KNOWN = "a status such as 503 or 429:5s, latency:1s, slow-headers:1s, slow-body:1s, "
            + "slow-middle:1s, drip, close, reset, reset-at-once, reset-after-headers, reset-mid-body, lose-answer or blackhole";

    private ScenarioText() {}

    static Scenario parse(String text) {
        Matcher form = FORM.matcher(text.strip());
        if (!form.matches()) {
            throw unknown(text);
        }
        String route = form.group("route");
        String times = form.group("times");
        Scenario scenario = route == null ? Scenario.everywhere() : Scenario.onRoute(route);
        if (times != null) {
            scenario = scenario.times(positive(times, text));
        }
        String what = form.group("what");
        String time = form.group("time");
        if (Character.isDigit(what.charAt(0))) {
            scenario = scenario.status(codes(what, text));
            return time == null
                    ? scenario
                    : scenario.retryAfter(String.valueOf(duration(time, text).toSeconds()));
        }
        if (time != null && what.equals("latency")) {
            return scenario.latency(latency(time, text));
        }
        return time == null ? untimed(scenario, what, text) : timed(scenario, what, duration(time, text), text);
    }

    private static Scenario untimed(Scenario scenario, String what, String text) {
        return switch (what) {
            case "drip" -> scenario.drip(Duration.ofMillis(20));
            case "close" -> scenario.closeConnection();
            case "reset" -> scenario.cut(Cut.BEFORE_ANSWER);
            case "reset-at-once" -> scenario.cut(Cut.BEFORE_READING);
            case "reset-after-headers" -> scenario.cut(Cut.AFTER_HEADERS);
            case "reset-mid-body" -> scenario.cut(Cut.MID_BODY);
            case "lose-answer" -> scenario.cut(Cut.LOSE_ANSWER);
            case "blackhole" -> scenario.cut(Cut.BLACK_HOLE);
            default -> throw unknown(text);
        };
    }

    private static Scenario timed(Scenario scenario, String what, Duration time, String text) {
        return switch (what) {
            case "slow-headers" -> scenario.delayBeforeHeaders(time);
            case "slow-body" -> scenario.delayBeforeBody(time);
            case "slow-middle" -> scenario.delayMidBody(time);
            case "drip" -> scenario.drip(time);
            default -> throw unknown(text);
        };
    }

    private static int[] codes(String what, String text) {
        try {
            int[] codes = Arrays.stream(what.split(",", -1))
                    .mapToInt(Integer::parseInt)
                    .toArray();
            Scenario.everywhere().status(codes);
            return codes;
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("\"" + text + "\" has a status that is not from 200 to 599.", e);
        }
    }

    private static int positive(String times, String text) {
        int k = Integer.parseInt(times);
        if (k == 0) {
            throw new IllegalArgumentException("\"" + text + "\" would hold for no request at all.");
        }
        return k;
    }

    private static Latency latency(String time, String text) {
        Matcher tail = TAIL.matcher(time);
        int dots = time.indexOf("..");
        try {
            if (tail.matches()) {
                return Latency.longTail(duration(tail.group(1), text), duration(tail.group(2), text));
            }
            Duration from = duration(dots < 0 ? time : time.substring(0, dots), text);
            return Latency.between(from, dots < 0 ? from : duration(time.substring(dots + 2), text));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "\"" + text + "\" is no latency; write latency:200ms, latency:20ms..200ms (the smaller first) or "
                            + "latency:p50=20ms,p99=2s.",
                    e);
        }
    }

    private static Duration duration(String time, String text) {
        try {
            return Durations.parse(time);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("In the fault \"" + text + "\", " + e.getMessage(), e);
        }
    }

    private static IllegalArgumentException unknown(String text) {
        return new IllegalArgumentException("\"" + text + "\" is not a fault; known are " + KNOWN + ".");
    }
}
