package io.dogsled.http;

import io.dogsled.base.Clock;
import io.dogsled.base.Log;
import io.dogsled.config.Config;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.HashSet;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;

/**
 * Which TLS is spoken: OpenSSL's where the layer has its library and the system can load it, else the JDK's. Both refuse what
 * the other refuses; the tests say so for each. Decided with a host's first connection, on its owner's thread; what there is to
 * say is said once, however many connections there are. Any thread.
 */
public final class Tls {
    private static final String UNVERIFIED =
            "DD_SKIP_SSL_VALIDATION is true: nobody looks whether it is the intake that answers,"
                    + " so whoever is in between can read the API key and change what is sent; better is DD_TLS_CERT_FILE";

    private final File folder;
    private final String certFile;
    private final Rules rules;
    private final Log log;
    private final Set<String> said = new HashSet<>();

    /**
     * What is asked of a peer.
     *
     * @param verified its certificate must be right
     * @param tls13Only TLS 1.2 is not enough
     */
    record Rules(boolean verified, boolean tls13Only) {
        static final Rules USUAL = new Rules(true, false);

        static Rules of(Config.Connection settings) {
            return new Rules(settings.verified(), settings.tls13Only());
        }
    }

    /**
     * As the layer has it, {@code tls/} beside the Java runtime.
     *
     * @param certFile a PEM file of certificates that are trusted beside the usual ones; {@code ""} = none
     */
    Tls(String certFile, Rules rules, Log log) {
        this(new File(new File(System.getProperty("java.home")).getParentFile(), "tls"), certFile, rules, log);
    }

    Tls(File folder, String certFile, Rules rules, Log log) {
        this.folder = folder;
        this.certFile = certFile;
        this.rules = rules;
        this.log = log;
    }

    Secure to(String host, int port, Clock clock) throws IOException {
        if (!rules.verified && isNew(UNVERIFIED)) {
            log.warn(UNVERIFIED);
        }
        if (OpenSsl.isIn(folder)) {
            try {
                OpenSsl openSsl = OpenSsl.of(folder, host, certFile, rules);
                complain(openSsl.complaint());
                return new OpenSslSecure(openSsl, clock);
            } catch (IOException | LinkageError e) {
                String line = "the layer's TLS library cannot be used (" + e.getMessage()
                        + "); the JDK's TLS is, which takes more time and memory";
                if (isNew(line)) {
                    log.warn(line);
                }
            }
        } else {
            log.debug("the layer has no TLS library; the JDK's TLS is used");
        }
        return new JdkSecure(jdk(), rules, host, port, clock);
    }

    private void complain(String why) {
        if (!why.isEmpty() && isNew(why)) {
            log.error("DD_TLS_CERT_FILE is \"" + certFile + "\", which cannot be used (" + why
                    + "); expected a readable PEM file of certificates; none beside the usual ones is trusted");
        }
    }

    private boolean isNew(String line) {
        synchronized (said) {
            return said.add(line);
        }
    }

    private SSLSocketFactory jdk() throws IOException {
        if (!rules.verified) {
            return JdkUnverified.sockets();
        }
        if (!certFile.isEmpty()) {
            try {
                return trusting(further());
            } catch (GeneralSecurityException | IOException e) {
                complain(String.valueOf(e.getMessage()));
            }
        }
        return (SSLSocketFactory) SSLSocketFactory.getDefault();
    }

    /** The JDK's certificates and those of the file. */
    private KeyStore further() throws GeneralSecurityException, IOException {
        Path usual = Path.of(System.getProperty("java.home"), "lib", "security", "cacerts");
        KeyStore store = KeyStore.getInstance(usual.toFile(), (char[]) null);
        int number = 0;
        try (InputStream in = new FileInputStream(regular(new File(certFile)))) {
            for (Certificate certificate :
                    CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                store.setCertificateEntry("dogsled-" + number++, certificate);
            }
        }
        if (number == 0) {
            throw new IOException("no certificates");
        }
        return store;
    }

    /** Nothing else is opened: a FIFO would never end, nor would its open. In the words of {@code layer/tls/channel.c}. */
    private static File regular(File file) throws IOException {
        if (!file.isFile()) {
            throw new IOException(file.exists() ? "not a regular file" : "no such file");
        }
        return file;
    }

    private static SSLSocketFactory trusting(KeyStore store) throws GeneralSecurityException {
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context.getSocketFactory();
    }
}
