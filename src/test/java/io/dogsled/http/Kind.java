package io.dogsled.http;

import static org.assertj.core.api.Assumptions.assumeThat;

import io.dogsled.base.Log;
import java.io.File;

/** The two kinds of TLS: what one refuses, the other refuses as well. */
enum Kind {
    OPENSSL,
    JDK;

    /** As the build wrote it; Maven says where. */
    private static final File LIBRARY =
            new File(System.getProperty("dogsled.target", "target"), "tls").getAbsoluteFile();

    /** TLS of this kind. Without OpenSSL's static libraries no library was built, and there is nothing to test. */
    Tls trusting(String certFile) {
        return trusting(certFile, Log.Level.OFF);
    }

    /** The same, with lines of this level. */
    Tls trusting(String certFile, Log.Level level) {
        return trusting(certFile, Tls.Rules.USUAL, level);
    }

    /** The same, with other rules. */
    Tls trusting(String certFile, Tls.Rules rules, Log.Level level) {
        if (this == OPENSSL) {
            assumeThat(OpenSsl.isIn(LIBRARY))
                    .as("target/tls, built where libssl-dev is")
                    .isTrue();
        }
        return new Tls(this == OPENSSL ? LIBRARY : new File("/nowhere"), certFile, rules, new Log(level));
    }
}
