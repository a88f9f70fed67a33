package io.dogsled.emulator;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The environment variables of the two kinds of process (AWS: runtimes-extensions-api, configuration-envvars;
 * aws/aws-lambda-runtime-interface-emulator, rapidcore/env).
 *
 * <p>Nothing of the emulator's own environment is passed on. The customer's variables reach both kinds, the JVM option variables
 * among them, but cannot replace what the platform sets. AWS's emulator leaks more to extensions than production does.
 */
final class SandboxEnvironment {
    private static final Set<String> RUNTIME_ONLY = Set.of(
            "_HANDLER",
            "LAMBDA_TASK_ROOT",
            "LAMBDA_RUNTIME_DIR",
            "AWS_LAMBDA_LOG_GROUP_NAME",
            "AWS_LAMBDA_LOG_STREAM_NAME",
            "AWS_EXECUTION_ENV",
            "AWS_XRAY_CONTEXT_MISSING",
            "AWS_XRAY_DAEMON_ADDRESS",
            "_AWS_XRAY_DAEMON_ADDRESS",
            "_AWS_XRAY_DAEMON_PORT",
            "_X_AMZN_TRACE_ID");
    private static final Set<String> LEAKED_BY_RIE = Set.of(
            "LAMBDA_TASK_ROOT",
            "AWS_LAMBDA_LOG_GROUP_NAME",
            "AWS_LAMBDA_LOG_STREAM_NAME",
            "AWS_LAMBDA_FUNCTION_TIMEOUT");

    private SandboxEnvironment() {}

    static Map<String, String> forExtension(Settings settings, String runtimeApi) {
        Map<String, String> environment = forRuntime(settings, runtimeApi);
        RUNTIME_ONLY.stream()
                .filter(name -> settings.mode() != Mode.RIE || !LEAKED_BY_RIE.contains(name))
                .forEach(environment::remove);
        return environment;
    }

    static Map<String, String> forRuntime(Settings settings, String runtimeApi) {
        Settings.Function function = settings.function();
        Map<String, String> environment = new TreeMap<>(settings.environment());
        environment.putIfAbsent("PATH", "/usr/local/bin:/usr/bin:/bin:/opt/bin");
        environment.putIfAbsent("LD_LIBRARY_PATH", "/lib64:/usr/lib64:/opt/lib");
        environment.putIfAbsent("LANG", "en_US.UTF-8");
        environment.putIfAbsent("TZ", ":UTC");
        environment.put("AWS_LAMBDA_RUNTIME_API", runtimeApi);
        environment.put("AWS_REGION", function.region());
        environment.put("AWS_DEFAULT_REGION", function.region());
        environment.put("AWS_LAMBDA_FUNCTION_NAME", function.name());
        environment.put("AWS_LAMBDA_FUNCTION_VERSION", function.version());
        environment.put("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", Integer.toString(function.memoryMb()));
        environment.putIfAbsent("AWS_ACCESS_KEY_ID", "local");
        environment.putIfAbsent("AWS_SECRET_ACCESS_KEY", "local");
        environment.putIfAbsent("AWS_SESSION_TOKEN", "local");
        modeVariables(settings, environment);
        settings.clock().file().ifPresent(file -> environment.put(PlatformClock.VARIABLE, file.toString()));
        environment.put("_HANDLER", function.handler());
        environment.put("LAMBDA_TASK_ROOT", settings.taskRoot().toString());
        environment.put("LAMBDA_RUNTIME_DIR", "/var/runtime");
        environment.put("AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/" + function.name());
        environment.put("AWS_LAMBDA_LOG_STREAM_NAME", "2026/01/01/[" + function.version() + "]local");
        environment.put("AWS_EXECUTION_ENV", "AWS_Lambda_local");
        environment.put("AWS_XRAY_CONTEXT_MISSING", "LOG_ERROR");
        environment.put("AWS_XRAY_DAEMON_ADDRESS", "169.254.79.129:2000");
        return environment;
    }

    private static void modeVariables(Settings settings, Map<String, String> environment) {
        if (!settings.mode().initializationType().isEmpty()) {
            environment.putIfAbsent(
                    "AWS_LAMBDA_INITIALIZATION_TYPE", settings.mode().initializationType());
        }
        if (settings.mode() == Mode.RIE) {
            environment.put(
                    "AWS_LAMBDA_FUNCTION_TIMEOUT",
                    Long.toString(settings.timeout().toSeconds()));
        }
        if (settings.mode() == Mode.MANAGED_INSTANCES) {
            environment.putIfAbsent("AWS_LAMBDA_MAX_CONCURRENCY", "4");
        }
    }
}
