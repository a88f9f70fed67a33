import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What an intake over TLS needs: three RSA keys of 2048 bits, each signed by the one before; the server has the last, with its chain. */
final class Certificates {
    static final String PASSWORD = "changeit";

    private Certificates() {}

    /** Writes {@code server.p12}, which holds the key of 127.0.0.1, and {@code root.pem}; what was there is gone. */
    static void write(Path folder) throws Exception {
        run("rm", "-rf", folder.toString());
        Files.createDirectories(folder);
        pair(folder, "root", "-dname", "CN=Bench Root", "-ext", "bc:critical=ca:true");
        pair(folder, "middle", "-dname", "CN=Bench Intermediate", "-ext", "bc:critical=ca:true,pathlen:0", "-signer", "root");
        pair(folder, "leaf", "-dname", "CN=Bench Leaf", "-ext", "san=ip:127.0.0.1", "-ext", "eku=serverAuth", "-signer", "middle");
        String all = folder.resolve("all.p12").toString();
        keytool(
                "-importkeystore", "-srckeystore", all, "-srcstorepass", PASSWORD, "-srcalias", "leaf",
                "-destkeystore", folder.resolve("server.p12").toString(), "-deststorepass", PASSWORD);
        keytool(
                "-exportcert", "-rfc", "-keystore", all, "-storepass", PASSWORD, "-alias", "root",
                "-file", folder.resolve("root.pem").toString());
    }

    private static void pair(Path folder, String alias, String... more) throws Exception {
        List<String> arguments = new ArrayList<>(List.of(
                "-genkeypair", "-keystore", folder.resolve("all.p12").toString(), "-storetype", "PKCS12",
                "-storepass", PASSWORD, "-alias", alias, "-keyalg", "RSA", "-keysize", "2048", "-validity", "30"));
        arguments.addAll(List.of(more));
        keytool(arguments.toArray(new String[0]));
    }

    private static void keytool(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(List.of(arguments));
        run(command.toArray(new String[0]));
    }

    private static void run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes());
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + ": " + said);
        }
    }
}
