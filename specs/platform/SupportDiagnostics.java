// The platform's side of `https://BASE` in Spring Boot, as a resource server. Tenants is your repository.
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.web.bind.annotation.*;
import org.springframework.web.server.ResponseStatusException;

@RestController
class SupportDiagnostics {
    private final Tenants tenants;

    SupportDiagnostics(Tenants tenants) { this.tenants = tenants; }

    @GetMapping({"/workspaces/{workspace}/tenants/{tenant}/support-diagnostics",
                 "/workspaces/{workspace}/tenants/{tenant}/operation-runs/{run}/support-diagnostics"})
    Map<String, Object> answer(@PathVariable String workspace, @PathVariable String tenant,
            @PathVariable(required = false) String run,
            @RequestParam(defaultValue = "references") List<String> include, @AuthenticationPrincipal Jwt caller) {
        var notFound = new ResponseStatusException(HttpStatus.NOT_FOUND);
        var found = tenants.visibleTo(caller, workspace, tenant).orElseThrow(() -> notFound);
        var references = new LinkedHashMap<String, Object>();
        references.put("tenant", Map.of("id", tenant, "name", found.name()));
        if (run != null) {
            var foundRun = found.run(run).orElseThrow(() -> notFound);
            references.put("operation_run", Map.of("id", run, "outcome", foundRun.outcome()));
        }
        var answer = new LinkedHashMap<String, Object>();
        answer.put("references", references);
        if (include.contains("bundle")) {
            answer.put("bundle", Map.of("schema_version", 1, "generated_at", Instant.now().toString(),
                "headline", "The last synchronisation failed"));
        }
        return answer;
    }
}
