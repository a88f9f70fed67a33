package io.dogsled.it.flush;

import java.io.IOException;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What a function can ask of the extension at 127.0.0.1, while the sandbox runs. */
final class LocalEndpoint {
    private static final int READINGS = 10;
    private static final int TIMEOUT_MS = 5_000;

    private final int port;

    LocalEndpoint(int port) {
        this.port = port;
    }

    int port() {
        return port;
    }

    /**
     * All ledgers as they are now; empty while the engine is still starting. In the blink in which samples change hands nobody
     * holds them, and on a busy machine it can last; so one that does not balance is read again before it is believed.
     */
    List<Account> ledgers() throws IOException {
        List<Account> accounts = List.of();
        for (int i = 0; i < READINGS; i++) {
            try {
                accounts = Account.in(ask("GET", "/ledger") + "\n" + ask("GET", "/ledger/endpoints"));
            } catch (ConnectException notYet) {
                return List.of();
            }
            if (accounts.stream().allMatch(Account::balances)) {
                return accounts;
            }
        }
        return accounts;
    }

    /** Has a flush made, which is over when this returns. */
    void flush() throws IOException {
        ask("POST", "/lambda/flush");
    }

    private String ask(String method, String path) throws IOException {
        HttpURLConnection connection = (HttpURLConnection)
                URI.create("http://127.0.0.1:" + port + path).toURL().openConnection();
        connection.setRequestMethod(method);
        connection.setConnectTimeout(TIMEOUT_MS);
        connection.setReadTimeout(TIMEOUT_MS);
        try {
            if (connection.getResponseCode() == HttpURLConnection.HTTP_NOT_FOUND) {
                return "";
            }
            return new String(connection.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } finally {
            connection.disconnect();
        }
    }
}
