package io.dogsled.cli;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The {@code dogsled} command with its subcommands; {@code java -jar dogsled-tools.jar}.
 *
 * <p>Exit codes: 0 done, 1 it could not be done, 2 wrong use. An error is one sentence on stderr, never a stack trace.
 */
@Command(
        name = "dogsled",
        description = "Tools around Dogsled, a DogStatsD server in an AWS Lambda layer.",
        mixinStandardHelpOptions = true,
        versionProvider = Dogsled.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:done", "1:it could not be done", "2:wrong use of the command line"},
        footer = {"", "Completion for bash and zsh:  source <(java -jar dogsled-tools.jar completion)"})
public final class Dogsled implements Runnable {
    /** So long {@code replay} leaves an intake alone that did not take a letter; twice as long each time. */
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

    @Spec
    private @Nullable CommandSpec spec;

    /** Runs one subcommand and leaves with its exit code. */
    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    /** The whole command, one line per subcommand. */
    static CommandLine commandLine() {
        return commandLine(new ReplayCommand(System.getenv(), FIRST_PAUSE));
    }

    /** The same with a key and pauses of a test's own. */
    static CommandLine commandLine(ReplayCommand replay) {
        CommandLine line = new CommandLine(new Dogsled());
        line.addSubcommand("testserver", new TestServerCommand());
        line.addSubcommand("emulate", new EmulateCommand());
        line.addSubcommand("rie", new RieCommand());
        line.addSubcommand("replay", replay);
        line.addSubcommand("completion", new GenerateCompletion());
        line.setParameterExceptionHandler(Dogsled::wrongUse);
        line.setExecutionExceptionHandler(Dogsled::failed);
        return line;
    }

    /** Without a subcommand there is nothing to do, so the help is what helps. */
    @Override
    public void run() {
        if (spec != null) {
            spec.commandLine().usage(spec.commandLine().getOut());
        }
    }

    private static int wrongUse(ParameterException wrong, String[] args) {
        CommandLine line = wrong.getCommandLine();
        line.getErr().println(wrong.getMessage());
        line.getErr().println("Try '" + line.getCommandSpec().qualifiedName() + " --help'.");
        return CommandLine.ExitCode.USAGE;
    }

    private static int failed(Exception problem, CommandLine line, CommandLine.ParseResult parsed) {
        String reason = problem.getMessage();
        line.getErr().println(reason == null ? problem.toString() : reason);
        return CommandLine.ExitCode.SOFTWARE;
    }

    /** The version the build wrote into the manifest; classes that were not packaged have none. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Dogsled.class.getPackage().getImplementationVersion();
            return new String[] {"dogsled " + (version == null ? "(not packaged)" : version)};
        }
    }
}
