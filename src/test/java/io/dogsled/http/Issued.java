package io.dogsled.http;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** A certificate with its key and whoever issued it, made for the test: right, or wrong in the one way that is asked for. */
final class Issued {
    private static final char[] PASSWORD = "changeit".toCharArray();
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);
    private static long lastSerial;

    final X509Certificate certificate;
    private final KeyPair keys;
    private final @Nullable Issued issuer;

    private Issued(X509Certificate certificate, KeyPair keys, @Nullable Issued issuer) {
        this.certificate = certificate;
        this.keys = keys;
        this.issuer = issuer;
    }

    /** A context for a server that shows this certificate and all above it but the last. */
    SSLContext server() throws GeneralSecurityException, IOException {
        List<Certificate> chain = new ArrayList<>();
        for (Issued each = this; each != null && (each == this || each.issuer != null); each = each.issuer) {
            chain.add(each.certificate);
        }
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("key", keys.getPrivate(), PASSWORD, chain.toArray(new Certificate[0]));
        KeyManagerFactory managers = KeyManagerFactory.getInstance("SunX509");
        managers.init(store, PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }

    /** Writes the certificate as PEM and says where. */
    String pem(Path file) throws GeneralSecurityException, IOException {
        String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate.getEncoded());
        Files.writeString(file, "-----BEGIN CERTIFICATE-----\n" + text + "\n-----END CERTIFICATE-----\n");
        return file.toString();
    }

    /** What a certificate shall say. */
    static final class Order {
        private final String subject;
        private final List<byte[]> names = new ArrayList<>();
        private String keyKind = "EC";
        private int keyBits = 256;
        private String digest = "SHA256";
        private long fromDays = -1;
        private long untilDays = 1;
        private boolean authority;
        private int pathLength = -1;
        private String permitted = "";
        private String purpose = "";

        Order(String subject) {
            this.subject = subject;
        }

        Order dns(String name) {
            names.add(Der.tagged(0x82, name.getBytes(StandardCharsets.US_ASCII)));
            return this;
        }

        Order address(String address) throws IOException {
            names.add(Der.tagged(0x87, InetAddress.getByName(address).getAddress()));
            return this;
        }

        Order rsa(int bits) {
            keyKind = "RSA";
            keyBits = bits;
            return this;
        }

        /** The digest that its issuer signs. */
        Order digest(String name) {
            digest = name;
            return this;
        }

        Order valid(long newFromDays, long newUntilDays) {
            fromDays = newFromDays;
            untilDays = newUntilDays;
            return this;
        }

        Order authority() {
            authority = true;
            return this;
        }

        Order pathLength(int most) {
            pathLength = most;
            return authority();
        }

        /** The only domain that those below may have names of. */
        Order permitted(String domain) {
            permitted = domain;
            return this;
        }

        /** An extended key usage, as object identifier. */
        Order purpose(String oid) {
            purpose = oid;
            return this;
        }

        Issued selfSigned() throws GeneralSecurityException, IOException {
            return sign(generate(), null);
        }

        Issued by(Issued issuer) throws GeneralSecurityException, IOException {
            return sign(generate(), issuer);
        }

        private KeyPair generate() throws GeneralSecurityException {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(keyKind);
            generator.initialize(keyBits);
            return generator.generateKeyPair();
        }

        /**
         * <pre>
         *  Certificate    { TBSCertificate, algorithm, BIT STRING signature }                       RFC 5280, 4.1
         *  TBSCertificate { [0] version 3, serial, algorithm, issuer, { from, until }, subject, key, [3] { extensions } }
         * </pre>
         */
        private Issued sign(KeyPair own, @Nullable Issued issuer) throws GeneralSecurityException, IOException {
            KeyPair signer = issuer == null ? own : issuer.keys;
            String kind = signer.getPrivate().getAlgorithm();
            byte[] algorithm = algorithm(kind);
            byte[] body = Der.sequence(
                    Der.tagged(0xA0, Der.integer(2)),
                    Der.integer(serial()),
                    algorithm,
                    issuer == null
                            ? name(subject)
                            : issuer.certificate.getSubjectX500Principal().getEncoded(),
                    Der.sequence(time(fromDays), time(untilDays)),
                    name(subject),
                    own.getPublic().getEncoded(),
                    Der.tagged(0xA3, Der.sequence(extensions())));
            Signature signature = Signature.getInstance(digest + "with" + (kind.equals("EC") ? "ECDSA" : "RSA"));
            signature.initSign(signer.getPrivate());
            signature.update(body);
            byte[] whole = Der.sequence(body, algorithm, Der.bits(signature.sign()));
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            return new Issued(
                    (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(whole)), own, issuer);
        }

        private byte[] algorithm(String kind) {
            if (kind.equals("EC")) {
                return Der.sequence(Der.oid(digest.equals("SHA1") ? "1.2.840.10045.4.1" : "1.2.840.10045.4.3.2"));
            }
            int number = digest.equals("MD5") ? 4 : digest.equals("SHA1") ? 5 : 11;
            return Der.sequence(Der.oid("1.2.840.113549.1.1." + number), new byte[] {5, 0});
        }

        private byte[][] extensions() {
            List<byte[]> all = new ArrayList<>();
            byte[] limits = pathLength < 0 ? new byte[0] : Der.integer(pathLength);
            all.add(extension("2.5.29.19", Der.sequence(authority ? Der.yes() : new byte[0], limits)));
            if (!names.isEmpty()) {
                all.add(extension("2.5.29.17", Der.sequence(names.toArray(new byte[0][]))));
            }
            if (!permitted.isEmpty()) {
                byte[] domain = Der.tagged(0x82, permitted.getBytes(StandardCharsets.US_ASCII));
                all.add(extension("2.5.29.30", Der.sequence(Der.tagged(0xA0, Der.sequence(domain)))));
            }
            if (!purpose.isEmpty()) {
                all.add(extension("2.5.29.37", Der.sequence(Der.oid(purpose))));
            }
            return all.toArray(new byte[0][]);
        }

        private static byte[] extension(String oid, byte[] value) {
            return Der.sequence(Der.oid(oid), Der.yes(), Der.octets(value));
        }

        private static byte[] name(String common) {
            return Der.sequence(Der.set(Der.sequence(Der.oid("2.5.4.3"), Der.utf8(common))));
        }

        private static byte[] time(long days) {
            String text = TIME.format(Instant.now().plus(days, ChronoUnit.DAYS));
            return Der.tagged(0x18, text.getBytes(StandardCharsets.US_ASCII));
        }

        private static synchronized long serial() {
            return ++lastSerial;
        }
    }
}
