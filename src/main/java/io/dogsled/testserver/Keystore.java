package io.dogsled.testserver;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;

/** Makes TLS server sockets from a PKCS12 file. */
final class Keystore {
    private Keystore() {}

    /** Throws with one sentence that names the file. */
    static SSLSocketFactory load(Path file, String password) throws IOException {
        if (!Files.isReadable(file)) {
            throw new IOException("The keystore " + file + " is not there or not readable.");
        }
        try (InputStream in = Files.newInputStream(file)) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(in, password.toCharArray());
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, password.toCharArray());
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), null, null);
            return context.getSocketFactory();
        } catch (GeneralSecurityException | IOException e) {
            throw new IOException("The keystore " + file + " cannot be used: " + e.getMessage(), e);
        }
    }
}
