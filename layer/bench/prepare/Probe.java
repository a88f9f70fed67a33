import io.dogsled.base.Clock;
import io.dogsled.base.Deadline;
import io.dogsled.base.Log;
import io.dogsled.config.Config;
import io.dogsled.http.ExchangeOutcome;
import io.dogsled.http.HttpConnection;
import io.dogsled.http.HttpRequest;
import io.dogsled.http.Network;

/**
 * In the layer's own JVM, with its flags and its cache: {@code Probe host port pem ahead|not}. Milliseconds of three exchanges: the
 * first of the process, one on an open connection, and one after the connection was lost. With {@code ahead} each connection
 * is opened before the clock starts.
 */
final class Probe {
    private final Clock clock = Clock.system();
    private final HttpConnection connection;
    private final boolean ahead;

    private Probe(String[] args) {
        Network network = new Network(Config.Connection.STRAIGHT, args[2], new Log(Log.Level.ERROR));
        connection = network.to(args[0], Integer.parseInt(args[1]), !args[2].isEmpty(), clock);
        ahead = args[3].equals("ahead");
    }

    public static void main(String[] args) {
        Probe probe = new Probe(args);
        double cold = probe.exchangeMs();
        double warm = probe.exchangeMs();
        probe.connection.close();
        System.out.println(cold + " " + warm + " " + probe.exchangeMs());
    }

    private double exchangeMs() {
        if (ahead && !connection.prepare(soon())) {
            throw new IllegalStateException("nobody there");
        }
        HttpRequest request = new HttpRequest("POST", "/api/v2/series", java.util.List.of(), new byte[0]);
        long beginNs = clock.nowNs();
        ExchangeOutcome outcome = connection.exchange(request, soon());
        double ms = (clock.nowNs() - beginNs) / 1e6;
        if (!(outcome instanceof ExchangeOutcome.Answered)) {
            throw new IllegalStateException(outcome.toString());
        }
        return ms;
    }

    private Deadline soon() {
        return Deadline.after(clock.nowNs(), 20_000);
    }
}
