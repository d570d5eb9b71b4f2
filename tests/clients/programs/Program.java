// openapi-generator's Java client, library `native`.

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.openapitools.client.ApiClient;
import org.openapitools.client.ApiException;
import org.openapitools.client.api.SupportRequestsApi;
import org.openapitools.client.model.FieldProblem;
import org.openapitools.client.model.Problem;
import org.openapitools.client.model.Severity;
import org.openapitools.client.model.SupportRequestInput;
import org.openapitools.client.model.SupportRequestReceipt;

class Program {
    static String send(String[] call) throws JsonProcessingException {
        ApiClient client = new ApiClient();
        client.updateBaseUri(call[1]);
        client.setRequestInterceptor(request -> request.header("Authorization", "Bearer " + call[2]));
        SupportRequestsApi api = new SupportRequestsApi(client);
        String tenant = call[3], run = call[4];
        SupportRequestInput body = new SupportRequestInput().summary(call[5]).contactEmail(call[6]).severity(Severity.HIGH);
        try {
            SupportRequestReceipt receipt = run.isEmpty()
                ? api.createTenantSupportRequest("acme", tenant, body, null)
                : api.createOperationRunSupportRequest("acme", tenant, run, body, null);
            return String.join("\t", "201", String.join(" ", receipt.getReference(), receipt.getPrimaryContext().getType(),
                receipt.getPrimaryContext().getId(), receipt.getAttachment().getReason()));
        } catch (ApiException error) {
            String type = error.getResponseHeaders().firstValue("content-type").orElse("");
            if (!type.equals("application/problem+json")) {
                return error.getCode() + "\tno problem";
            }
            // It does not read problems by itself, but has a reader for them.
            Problem problem = ApiClient.createDefaultObjectMapper().readValue(error.getResponseBody(), Problem.class);
            Stream<String> pointers = problem.getErrors().stream().map(FieldProblem::getPointer).sorted();
            return problem.getStatus() + "\t" + Stream.concat(Stream.of(problem.getCode()), pointers).collect(Collectors.joining(" "));
        }
    }

    public static void main(String[] arguments) throws Exception {
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            String[] call = line.split("\t", -1);
            System.out.println(call[0] + "\t" + send(call));
        }
    }
}
