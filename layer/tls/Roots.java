import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.Base64;
import java.util.Collections;

/** {@code java Roots.java folder}: writes every certificate that the JDK trusts into a file of its own, {@code NNN.pem}. */
final class Roots {
    private Roots() {}

    public static void main(String[] args) throws IOException, GeneralSecurityException {
        Path cacerts = Path.of(System.getProperty("java.home"), "lib", "security", "cacerts");
        KeyStore store = KeyStore.getInstance(cacerts.toFile(), (char[]) null);
        Base64.Encoder lines = Base64.getMimeEncoder(64, new byte[] {'\n'});
        int number = 0;
        for (String alias : Collections.list(store.aliases()).stream().sorted().toList()) {
            Certificate certificate = store.getCertificate(alias);
            String text = "-----BEGIN CERTIFICATE-----\n" + lines.encodeToString(certificate.getEncoded())
                    + "\n-----END CERTIFICATE-----\n";
            Files.writeString(Path.of(args[0], "%03d.pem".formatted(number++)), text);
        }
    }
}
