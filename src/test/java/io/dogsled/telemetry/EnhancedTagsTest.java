package io.dogsled.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EnhancedTagsTest {
    private static final String ARN = Enhanced.ARN;

    @Test
    void everythingThatIsKnownIsATagInLowerCase() {
        Enhanced sandbox = new Enhanced(Map.of(
                "AWS_LAMBDA_FUNCTION_NAME", "Orders",
                "AWS_LAMBDA_FUNCTION_VERSION", "7",
                "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "512",
                "AWS_REGION", "eu-west-1"));
        sandbox.metrics.onRegistered("Orders", "7", "210987654321");

        assertThat(tags(sandbox, ARN))
                .containsExactlyInAnyOrder(
                        "cold_start:true",
                        "function_arn:arn:aws:lambda:eu-west-1:210987654321:function:orders",
                        "region:eu-west-1",
                        "aws_account:210987654321",
                        "account_id:210987654321",
                        "functionname:orders",
                        "executedversion:7",
                        "resource:orders:7",
                        "architecture:" + (System.getProperty("os.arch").equals("aarch64") ? "arm64" : "x86_64"),
                        "memorysize:512");
    }

    @Test
    void whatIsNotKnownHasNoTag() {
        Enhanced sandbox = new Enhanced(Map.of());
        sandbox.metrics.onRegistered("", "", "");

        assertThat(tags(sandbox, ""))
                .containsExactlyInAnyOrder(
                        "cold_start:true",
                        "architecture:" + (System.getProperty("os.arch").equals("aarch64") ? "arm64" : "x86_64"))
                .noneMatch(tag -> tag.endsWith(":") || tag.contains("null"));
    }

    @Test
    void withoutAnArnTheRegistrationNamesTheFunction() {
        Enhanced sandbox = new Enhanced(Map.of("AWS_REGION", "eu-west-1"));
        sandbox.metrics.onRegistered("Orders", "3", "");

        assertThat(tags(sandbox, ""))
                .contains("functionname:orders", "resource:orders:3", "executedversion:3", "region:eu-west-1")
                .noneMatch(tag -> tag.startsWith("account_id:") || tag.startsWith("aws_account:"));
    }

    @ParameterizedTest
    @CsvSource({
        "$LATEST, '', orders",
        "$LATEST, $LATEST, orders",
        "7, '', orders:7",
        "7, 7, orders:7",
        "7, live, orders:live",
    })
    void theResourceIsWhatWasInvoked(String version, String qualifier, String resource) {
        Enhanced sandbox = new Enhanced(Map.of("AWS_LAMBDA_FUNCTION_VERSION", version));

        List<String> tags = tags(sandbox, qualifier.isEmpty() ? ARN : ARN + ":" + qualifier);

        assertThat(tags).contains("resource:" + resource, "function_arn:" + ARN.toLowerCase(java.util.Locale.ROOT));
        assertThat(tags.contains("executedversion:" + version)).isEqualTo(!version.equals("$LATEST"));
    }

    @Test
    void eachInvocationHasTheTagsOfItsOwnArn() {
        Enhanced sandbox = new Enhanced(Map.of("AWS_LAMBDA_FUNCTION_VERSION", "7"));
        sandbox.metrics.onSubscribed(200, true);
        sandbox.metrics.onInvoke("r1", ARN + ":7");
        sandbox.metrics.onInvoke("r2", ARN + ":live");
        sandbox.clear();

        sandbox.report("r1", "success");
        assertThat(sandbox.value("duration").tags())
                .contains("resource:orders:7")
                .doesNotContain("resource:orders:live");
        sandbox.clear();
        sandbox.report("r2", "success");
        assertThat(sandbox.value("duration").tags())
                .contains("resource:orders:live")
                .doesNotContain("resource:orders:7");
    }

    @Test
    void theUsersTagsComeAlongButDoNotContradictThePlatform() {
        Enhanced sandbox = new Enhanced(Map.of(
                "DD_TAGS", "team:a,region:moon,memorysize:huge,alone",
                "DD_SERVICE", "shop",
                "AWS_REGION", "eu-west-1",
                "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "512"));

        assertThat(tags(sandbox, ARN))
                .contains("team:a", "alone", "service:shop", "region:eu-west-1", "memorysize:huge")
                .doesNotContain("region:moon", "memorysize:512");
    }

    private static List<String> tags(Enhanced sandbox, String arn) {
        sandbox.metrics.onInvoke("r1", arn);
        return sandbox.value("invocations").tags();
    }
}
