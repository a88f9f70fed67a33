package io.dogsled.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dogsled.base.Clock;
import io.dogsled.base.Deadline;
import io.dogsled.http.Issued.Order;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Whom either kind of TLS believes: each way to be wrong is refused before a byte of a request could leave. */
@Timeout(60)
class TlsVerificationTest {
    private static final String HOST = "intake.example.com";
    private static final String SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
    private static final String CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";
    private static final byte[] FIRST_BYTES = "POST".getBytes(java.nio.charset.StandardCharsets.US_ASCII);

    @TempDir
    private static Path folder;

    private static Issued root;
    private static Issued middle;
    private static String trusted;

    /** What a server shows, and to a client that expects which host and trusts whom. */
    private record Trial(String what, String host, String certFile, Issued shown) {}

    private final Clock clock = Clock.system();
    private final LinkedBlockingQueue<Boolean> heard = new LinkedBlockingQueue<>();

    @BeforeAll
    static void authority() throws Exception {
        root = new Order("root").authority().selfSigned();
        middle = new Order("middle").pathLength(0).by(root);
        trusted = root.pem(folder.resolve("root.pem"));
    }

    static List<Arguments> right() throws Exception {
        Issued rsaRoot = new Order("RSA root").rsa(2048).authority().selfSigned();
        Issued rsaMiddle = new Order("RSA middle").rsa(2048).pathLength(0).by(rsaRoot);
        Issued rsa = leaf().rsa(2048).by(rsaMiddle);
        Issued narrow = new Order("narrow").authority().permitted("example.com").by(root);
        return bothKinds(
                trial("the name", HOST, leaf().by(middle)),
                trial("in capitals", "INTAKE.Example.com", leaf().by(middle)),
                trial("issued by the root itself", HOST, leaf().by(root)),
                new Trial("RSA, three certificates", HOST, rsaRoot.pem(folder.resolve("rsa.pem")), rsa),
                trial(
                        "one of several names",
                        "b.example.com",
                        leaf().dns("b.example.com").by(middle)),
                trial("a wildcard for one label", HOST, named("*.example.com").by(middle)),
                trial(
                        "an address",
                        "127.0.0.1",
                        new Order("a").address("127.0.0.1").by(middle)),
                trial("an IPv6 address", "::1", new Order("a").address("::1").by(middle)),
                trial("for servers", HOST, leaf().purpose(SERVER_AUTH).by(middle)),
                trial("within what its issuer may name", HOST, leaf().by(narrow)));
    }

    static List<Arguments> wrongName() throws Exception {
        Issued elsewhere =
                new Order("elsewhere").authority().permitted("example.org").by(root);
        Issued common = new Order(HOST).dns("a.example.org").by(middle);
        return bothKinds(
                trial("another name", HOST, named("other.example.com").by(middle)),
                trial("a name above", "a." + HOST, leaf().by(middle)),
                trial("the name as common name alone", HOST, common),
                trial(
                        "a wildcard for two labels",
                        "a.b.example.com",
                        named("*.example.com").by(middle)),
                trial(
                        "a wildcard for none",
                        "example.com",
                        named("*.example.com").by(middle)),
                trial("a wildcard on the right", HOST, named("intake.*.com").by(middle)),
                trial(
                        "another address",
                        "127.0.0.1",
                        new Order("a").address("127.0.0.2").by(middle)),
                trial("an address as a name", "127.0.0.1", named("127.0.0.1").by(middle)),
                trial("a name its issuer may not give", HOST, leaf().by(elsewhere)));
    }

    static List<Arguments> wrongPath() throws Exception {
        Issued stranger = new Order("root").authority().selfSigned();
        Issued strangersMiddle = new Order("middle").pathLength(0).by(stranger);
        Issued noAuthority = named(HOST).by(middle);
        Issued tooDeep = new Order("below the last").authority().by(middle);
        Issued oldMiddle = new Order("old").authority().valid(-9, -1).by(root);
        Issued rsa = new Order("RSA").rsa(2048).authority().by(root);
        return bothKinds(
                trial("no longer valid", HOST, leaf().valid(-9, -1).by(middle)),
                trial("not yet valid", HOST, leaf().valid(1, 9).by(middle)),
                trial("an issuer no longer valid", HOST, leaf().by(oldMiddle)),
                trial("self-signed", HOST, leaf().selfSigned()),
                trial("an unknown root of a known name", HOST, leaf().by(strangersMiddle)),
                new Trial("nobody trusted", HOST, "", leaf().by(middle)),
                trial("an issuer that is no authority", HOST, leaf().by(noAuthority)),
                trial("a longer path than allowed", HOST, leaf().by(tooDeep)),
                trial("for clients", HOST, leaf().purpose(CLIENT_AUTH).by(middle)),
                trial("signed over MD5", HOST, leaf().digest("MD5").by(rsa)));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource
    void right(Kind kind, String what, String host, String certFile, Issued shown) throws Exception {
        try (ScriptedPeer peer = server(shown);
                Socket socket = connected(peer)) {
            Wire wire = secure(kind, host, certFile, peer).over(socket, soon());
            wire.out().write(FIRST_BYTES);
            wire.out().flush();

            assertThat(heard.poll(20, TimeUnit.SECONDS))
                    .as("the server read it")
                    .isTrue();
            wire.release();
        }
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource({"wrongName", "wrongPath"})
    void wrong(Kind kind, String what, String host, String certFile, Issued shown) throws Exception {
        try (ScriptedPeer peer = server(shown)) {
            Secure secure = secure(kind, host, certFile, peer);
            try (Socket socket = connected(peer)) {
                assertThatThrownBy(() -> secure.over(socket, soon())).isInstanceOf(IOException.class);
            }
            assertThat(heard.poll(20, TimeUnit.SECONDS))
                    .as("the server read something")
                    .isFalse();
        }
    }

    /** Where the JDK is more lenient, which is why the test for both says MD5 and nothing of short keys. */
    @ParameterizedTest(name = "{0}")
    @EnumSource(names = "OPENSSL")
    void openSslRefusesAlsoSha1AndShortKeys(Kind kind) throws Exception {
        Issued rsa = new Order("RSA").rsa(2048).authority().by(root);
        for (Issued shown :
                List.of(leaf().digest("SHA1").by(rsa), leaf().rsa(1024).by(rsa))) {
            wrong(kind, "weak", HOST, trusted, shown);
        }
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource
    void aCertFileThatIsNoneAddsNobody(Kind kind) throws Exception {
        wrong(kind, "no file", HOST, "/nowhere/at/all.pem", leaf().by(middle));
    }

    /** What a sandbox that thawed long after its connection broke need not do again. */
    @ParameterizedTest(name = "{0}")
    @EnumSource(names = "OPENSSL")
    void theNextConnectionResumesTheSession(Kind kind) throws Exception {
        try (ScriptedPeer peer = server(leaf().by(middle))) {
            Secure secure = secure(kind, HOST, trusted, peer);
            List<Boolean> resumed = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                try (Socket socket = connected(peer)) {
                    Wire wire = secure.over(socket, soon());
                    resumed.add(((OpenSslSecure.OpenSslWire) wire).resumed());
                    wire.out().write(FIRST_BYTES);
                    assertThat(wire.in().read()).isEqualTo('H');
                    wire.release();
                    wire.release();
                    assertThatThrownBy(() -> wire.out().write(1)).isInstanceOf(IOException.class);
                    assertThatThrownBy(() -> wire.in().read()).isInstanceOf(IOException.class);
                }
            }
            assertThat(resumed).containsExactly(false, true, true);
        }
    }

    private static Order leaf() {
        return named(HOST);
    }

    private static Order named(String name) {
        return new Order("leaf").dns(name);
    }

    private static Trial trial(String what, String host, Issued shown) {
        return new Trial(what, host, trusted, shown);
    }

    private static List<Arguments> bothKinds(Trial... trials) {
        List<Arguments> all = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            for (Trial trial : trials) {
                all.add(Arguments.of(kind, trial.what, trial.host, trial.certFile, trial.shown));
            }
        }
        return all;
    }

    /** Says whether the client's four bytes came, and answers them. */
    private ScriptedPeer server(Issued shown) throws Exception {
        return new ScriptedPeer(
                (link, number) -> heard.add(link.hears(FIRST_BYTES, 'H')),
                shown.server().getServerSocketFactory());
    }

    private Secure secure(Kind kind, String host, String certFile, ScriptedPeer peer) throws IOException {
        return kind.trusting(certFile).to(host, peer.port(), clock);
    }

    private static Socket connected(ScriptedPeer peer) throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), peer.port());
    }

    private Deadline soon() {
        return Deadline.after(clock.nowNs(), 30_000);
    }
}
