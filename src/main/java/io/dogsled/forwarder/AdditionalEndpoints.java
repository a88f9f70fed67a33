package io.dogsled.forwarder;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.dogsled.base.Log;
import io.dogsled.config.Config;
import io.dogsled.config.ConfigProblem;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The text of {@code DD_ADDITIONAL_ENDPOINTS} → endpoints, one for each address and key:
 *
 * <pre>
 * {"https://api.datadoghq.eu":["key1","key2"],"http://127.0.0.1:8080":"key3"}
 * </pre>
 *
 * <p>As the Agent does: keys are trimmed, what is there twice counts once, and an address without a key is left out. What
 * cannot be used is a line and costs nothing else; a text that is no such object costs all of them. No line shows a key, nor
 * anything of an address that is none, since that may be a key in the wrong place. Used once, after {@code ready}.
 */
final class AdditionalEndpoints {
    /** Each has a thread, a connection and a share of the queue. */
    static final int MAX = 8;

    private static final String WHOLE = "a JSON object of addresses, each with a list of keys, such as"
            + " {\"https://api.datadoghq.eu\":[\"key\"]}, but it is ";

    private static final String THE_OTHERS = "the other endpoints";

    private final Endpoint main;
    private final Log log;
    private final List<Endpoint> found = new ArrayList<>();
    private boolean tooMany;

    private AdditionalEndpoints(Endpoint main, Log log) {
        this.main = main;
        this.log = log;
    }

    /**
     * In the order of the text, without {@code main}.
     *
     * @param text {@code ""} = none
     */
    static List<Endpoint> read(String text, Endpoint main, Log log) {
        return text.isEmpty() ? List.of() : new AdditionalEndpoints(main, log).read(text);
    }

    private List<Endpoint> read(String text) {
        try (JsonParser json = new JsonFactory().createParser(text)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return unusable("something else");
            }
            for (int i = 1; json.nextToken() == JsonToken.FIELD_NAME; i++) {
                String address = json.currentName().strip();
                json.nextToken();
                entry(json, address.endsWith("/") ? address.substring(0, address.length() - 1) : address, i);
            }
            if (json.nextToken() != null) {
                return unusable("followed by something else");
            }
        } catch (JsonProcessingException e) {
            // not its message, which may quote the text
            return unusable("not JSON at character " + e.getLocation().getCharOffset());
        } catch (IOException e) {
            return unusable("not readable");
        }
        if (tooMany) {
            complain("at most " + MAX + " pairs of an address and a key", "the first " + MAX);
        }
        return found;
    }

    /** The parser is at the value, and at its end afterwards. */
    private void entry(JsonParser json, String url, int position) throws IOException {
        if (!Config.Intake.isBaseUrl(url)) {
            complain(
                    "http:// or https://, a host and perhaps a port, without a path, as address " + position,
                    THE_OTHERS);
            json.skipChildren();
            return;
        }
        boolean anyKey = false;
        if (json.currentToken() != JsonToken.START_ARRAY) {
            anyKey = key(json, url);
        } else {
            while (json.nextToken() != JsonToken.END_ARRAY) {
                anyKey |= key(json, url);
            }
        }
        if (!anyKey) {
            complain("a key for " + url, THE_OTHERS);
        }
    }

    /** False if there is nothing where a key is expected; a key that cannot be used has had its line. */
    private boolean key(JsonParser json, String url) throws IOException {
        String key =
                json.currentToken() == JsonToken.VALUE_STRING ? json.getText().strip() : "";
        boolean blank = json.currentToken() == JsonToken.VALUE_NULL || json.currentToken() == JsonToken.VALUE_STRING;
        json.skipChildren();
        if (key.isEmpty() && blank) {
            return false;
        }
        if (Config.Intake.isKey(key)) {
            add(main.elsewhere(url, ApiKeySource.plain(key)));
        } else {
            complain("texts of visible ASCII characters without quotes as keys of " + url, THE_OTHERS);
        }
        return true;
    }

    private void add(Endpoint endpoint) {
        boolean known = endpoint.isSameAs(main);
        for (Endpoint other : found) {
            known |= endpoint.isSameAs(other);
        }
        if (!known && found.size() == MAX) {
            tooMany = true;
        } else if (!known) {
            found.add(endpoint);
        }
    }

    private List<Endpoint> unusable(String what) {
        complain(WHOLE + what, "the main endpoint alone");
        return List.of();
    }

    private void complain(String expected, String used) {
        log.warn(new ConfigProblem("DD_ADDITIONAL_ENDPOINTS", ConfigProblem.HIDDEN, expected, used).line());
    }
}
