import Foundation
import Testing
import TokenServerFixture

/// Every recipe of the documentation is carried out, and does what the reader wants of it.
@Suite struct RecipeTests {
  let command: CommandRunner

  init() throws { command = try CommandRunner() }

  @Test(arguments: RecipeScenario.all)
  func aRecipeWorksAsItIsPrinted(_ scenario: RecipeScenario) throws {
    let server = try TokenServer()
    let recipe = try #require(try DocumentedRecipes.all().first(where: scenario.isFor))
    let environment = ["SERVER": server.url, "RECIPE": recipe]
    for line in [
      RecipeScenario.setting, scenario.before,
      "{ \(scenario.line ?? RecipeScenario.inHome(recipe))\n} > output", scenario.after,
    ] {
      let result = try command.shell(RecipeScenario.standIns + line, environment: environment)
      #expect(result.status == 0 && result.signal == nil, "\(line): \(result)")
    }
    let list = try command.run("list", "--json").output.json(as: [[String: Any]].self)
    #expect(try #require(list).count >= 7, "nothing is lost")
    withExtendedLifetime(server) {}
  }

  @Test func everyRecipeOfTheDocumentationHasItsScenario() throws {
    let recipes = try DocumentedRecipes.all()
    for recipe in recipes.sorted() {
      let isExempt = RecipeScenario.exempt.contains { recipe.hasPrefix($0.beginning) }
      let count = RecipeScenario.all.count { $0.isFor(recipe) }
      #expect(count == (isExempt ? 0 : 1), "\(recipe)")
    }
    for scenario in RecipeScenario.all {
      #expect(recipes.contains(where: scenario.isFor), "no such recipe: \(scenario.recipe)")
    }
    for (beginning, _) in RecipeScenario.exempt {
      #expect(recipes.contains { $0.hasPrefix(beginning) }, "no such recipe: \(beginning)")
    }
  }
}
