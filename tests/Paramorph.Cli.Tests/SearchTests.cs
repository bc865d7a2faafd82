using System.Text.Json.Nodes;
using Paramorph.Experiments;
using Paramorph.Papers;

namespace Paramorph.Cli.Tests;

public sealed class SearchTests
{
    /// <summary>Queries written by hand before the search was made, for papers drawn at random. The thesaurus was completed after they had been tried.</summary>
    private static readonly (string Paper, string Query)[] Queries =
    [
        ("insta-bnn", "binarise activations with a threshold that depends on each image"),
        ("plstm", "linear recurrent network that runs in parallel over a graph or image"),
        ("ncpp", "predict how fast a processor is from its specification"),
        ("triplane-processing", "classify 3d shapes directly from the parameters of their neural fields"),
        ("spider-web-gen", "generate web structures that can be 3d printed"),
        ("poincare-resnet", "image network in hyperbolic space"),
        ("adam-atan2", "how learning rates should scale with width, optimiser without epsilon"),
        ("econ", "reconstruct a person with clothes from one photo"),
        ("intrinsic-dim", "how many parameters does a task really need, training in a random subspace"),
        ("nalu-success-criterion", "when has an arithmetic network really learned to multiply"),
        ("nac-coverage", "detect unusual inputs from which neurons fire"),
        ("pseudo-iid-gp", "gaussian process limit of sparse networks"),
        ("stal", "encode sensor signals as spikes with trainable thresholds"),
        ("a-nesi", "combine neural perception with logic rules, fast approximate inference"),
        ("rnn-hypernet-cl", "learn tasks one after another with a recurrent network that writes the weights"),
        ("nde-thesis", "neural ordinary differential equations and how to backpropagate through solvers"),
        ("neural-field-classifier", "predict colours bit by bit instead of regression"),
        ("config-grad", "balance several losses of a physics-informed network whose gradients conflict"),
        ("gennape", "predict accuracy of architectures from unseen search spaces"),
        ("dict-isp", "learn the camera pipeline from raw to rgb and back"),
        ("apriori-conv-1d", "replace convolutions by one dimensional filters before training"),
        ("pig", "solve partial differential equations with moving gaussians"),
        ("weight-compander", "regularise by squashing weights through a nonlinearity"),
        ("phc", "layers with quaternion-like algebra that use fewer parameters"),
        ("tulip-bnn", "chip for binary networks"),
        ("ewald-mp", "long range interactions between atoms"),
        ("neural-collapse-dln", "geometry of last layer features with imbalanced classes"),
        ("apt-watermark", "protect a model's ownership so that fine-tuning does not remove the mark"),
        ("gradient-path-design", "design architectures by looking at how gradients flow back"),
        ("polyreg", "do polynomials do as well as networks on tables"),
        ("regenn-cities", "forecast many time series while learning how they depend on each other"),
        ("qfs-net", "quantum inspired segmentation without labels"),
        ("guidance", "make an untrainable network learn by aligning it with another one"),
        ("neural-redshift", "are random networks biased towards simple functions"),
        ("bignas", "one supernet from which networks of all sizes can be cut without retraining"),
        ("neural-diffusion-process", "diffusion model over functions"),
        ("neural-spectral-methods", "pde residual computed on fourier coefficients"),
        ("pinn-gm-iii", "gravity field of an asteroid"),
        ("eeea-net", "evolutionary search that throws away architectures that are too large"),
        ("lc-pfn", "when will training stop improving, extrapolate learning curves"),
        ("forwardgnn", "train a graph network without backpropagation"),
        ("triplet-net", "learn an embedding from which of two is more alike"),
        ("nasaic", "search networks together with the hardware accelerator"),
        ("multiscale-neural-operator", "coarse simulation plus learned correction of small scales"),
        ("powernorm", "batch normalisation for transformers"),
        ("exact-inductive-bias", "how many bits of prior knowledge does a model class bring"),
        ("wide-deep-optimal", "infinitely deep and wide classifiers that become nearest neighbour"),
        ("kat-grkan", "transformer with learnable rational activations in place of the mlp"),
        ("grok-lazy-rich", "why does generalisation come long after the training set is fitted"),
        ("ift-neumann", "tune very many hyperparameters with gradients"),
        ("amended-darts", "wrong gradients in differentiable architecture search"),
        ("pfn-statistics", "why do prior fitted networks work, bias and variance"),
        ("hydrogen-microgrid", "plan an energy grid under uncertain demand"),
        ("spaceevo", "search space for fast integer inference"),
        ("spider-lumbar-mri", "spine segmentation data set"),
        ("cmab-nas", "architecture search as a bandit problem"),
        ("plant-bayesreg", "recognise diseases of plants from leaves"),
        ("mace-mp-0", "one force field for all elements"),
        ("iir-snn", "spiking network that needs a single time step"),
        ("sh-siren", "encode positions on the globe"),
        ("go-ucb", "bayesian optimisation with a neural network instead of a gaussian process"),
        ("nabla2dft", "data set of quantum chemistry for drugs"),
        ("text2pde", "generate simulations from a text description"),
        ("prose", "find the formula of a dynamical system from its trajectory"),
        ("darts-pt", "which operation to keep after a differentiable search"),
        ("rf-more-is-better", "are more features and samples always better in ridge regression"),
        ("granet", "prune and regrow connections during training"),
        ("dlrt", "train weights in low rank form with adaptive rank"),
        ("cat-walk", "hypergraphs that change over time"),
        ("relu-hidden-symmetries", "different parameters that give the same function"),
        ("physical-forward-forward", "train optical or acoustic hardware without backpropagation"),
        ("pau", "learn the activation function as a fraction of polynomials"),
        ("sparse-random-search", "is random search good enough to find sparse networks"),
        ("rc-darts", "architecture search under limits on size and operations"),
        ("manifoldron", "classifier from triangulating the data"),
        ("bossnas", "search hybrids of convolution and attention without labels"),
        ("neural-quadratic-models", "what happens at learning rates too large for the linearised network"),
        ("hw-aware-subnet-search", "find a subnetwork that is fast on my device"),
        ("hyperinterval", "continual learning without forgetting with intervals of weights"),
        ("coral", "learn solution operators on irregular meshes"),
    ];

    /// <summary>Queries for other papers, written by somebody who did not know the thesaurus, which was not changed after them.</summary>
    private static readonly (string Paper, string Query)[] FreshQueries =
    [
        ("favard-optbasis-gnn", "graph filters where the polynomial family itself is trained from data"),
        ("spon", "learn maps between simulation meshes while respecting physical boundary values exactly"),
        ("neural-architecture-retrieval", "search engine to find network designs similar to a given one"),
        ("hardcore-nas", "find a fast cnn guaranteed to meet a strict inference time budget"),
        ("fbnetv3-nars", "automatically pick both model design and training hyperparameters together"),
        ("metalic", "automatically choosing how subdomain networks are stitched together when solving pdes"),
        ("dropnas", "skip connections dominate in gradient-based architecture search, randomly disabling candidates fixes it"),
        ("three-regime-pruning", "how training hyperparameters of dense model affect compressing it, loss landscape phases"),
        ("gnn-recover-hidden", "can gnns infer node positions from just the edges without any attributes"),
        ("bayes-factor-pruning", "statistical test to decide whether removing weights is justified during training"),
        ("medida", "discover missing physics in climate model equations from noisy sparse observations"),
        ("neuzip", "save gpu memory by losslessly compressing floating point weights during training"),
        ("causal-dropout-grni", "causal discovery from single cell data with many false zero measurements"),
        ("auto-gnn", "automatically designing graph network layers with reinforcement learning and parameter sharing"),
        ("categorical-hopfield", "abstract algebra formulation of associative memory with networks of networks"),
        ("contrastive-arch-embedding", "self-supervised vector representation of network designs that works across search spaces"),
        ("higcn", "message passing beyond pairwise edges using triangles and cliques"),
        ("biper", "better gradient than straight-through for training one-bit weights, using sine waves"),
        ("fastspeech", "non-autoregressive voice synthesis with adjustable speaking speed"),
        ("paon", "replace the linear unit in cnns with ratio of polynomials"),
        ("r3-sampling", "adaptively choosing training points where pde solution error stays high"),
        ("t-batching-loss", "minibatch training bias in user-item interaction embeddings over time"),
        ("iterative-feature-merging", "how many redundant channels in a network can be fused without data"),
        ("braintransformers", "large language model built with brain-like spikes for energy efficiency"),
        ("gridpull", "fast surface reconstruction of huge scans without training a network"),
        ("refit", "estimate human body mesh from one photo by iteratively correcting against image"),
        ("gold-yolo", "real-time object detection with better multi-scale feature fusion than fpn"),
        ("stepnet", "attention explained as adaptive time stepping for stiff differential equations"),
        ("scale-mixture-nngp", "infinitely wide bayesian networks with heavy-tailed predictions instead of gaussian"),
        ("jei-dnn", "train when to stop early together with intermediate predictions to save compute"),
        ("alphanet", "better distillation loss for training many subnetworks that share weights"),
        ("borf", "rewiring graph edges using geometry to help information flow in deep gnns"),
        ("pfn", "pretrain on synthetic datasets to get probabilistic predictions in one pass"),
        ("drivaernet", "predict air resistance of vehicle shapes from 3d geometry with deep learning"),
        ("convergent-learning", "matching neurons across networks trained from different random seeds"),
        ("cones", "find which few parameters of image generator encode a specific personal subject"),
        ("sinenet", "stacked u-nets for fluid simulation with misaligned skip connections over time"),
        ("gdn", "invertible nonlinear layer inspired by visual neurons that makes pictures statistically independent"),
        ("rarts", "cheaper alternative to bilevel optimization for differentiable network design without hessians"),
        ("hybrid-ann-snn", "combining event camera spiking network with a conventional network for low energy"),
        ("mm-pde-dmm", "learn to adapt grid point locations for neural simulators without labeled data"),
        ("momentum-smoe", "stabilize expert routing layers using heavy ball optimization ideas across depth"),
        ("biked-pp", "large synthetic bike dataset linking text or pictures to design parameters"),
        ("nac-gnn-nas", "architecture search for graph networks using random weights without training"),
        ("emnist", "dataset of handwritten alphabet characters in same format as digits benchmark"),
        ("timex-plus-plus", "explain which time steps matter for a classifier without out-of-distribution masking"),
        ("nclaw", "learn how materials stretch and deform from watching particles inside a simulator"),
        ("polarity-fixed", "freeze the sign of weights and only train their size"),
        ("snn-vpr", "robot localization recognizing previously seen locations with brain-inspired unsupervised learning"),
        ("laftr-fsd", "measure how much outputs of two networks differ without storing old data"),
        ("second-order-mup", "transfer learning rates across model width for curvature-based optimizers"),
        ("kinn", "solve mechanics equations using learnable spline activations instead of mlp"),
        ("multilayer-random-features", "which functions can deep networks with frozen random hidden weights approximate"),
        ("lrnn-negative-eigen", "why state space models fail at parity and how to fix it"),
        ("ntk", "why very wide networks trained by gradient descent behave like linear models"),
        ("lnp-rsnn", "task-agnostic removal of synapses and neurons in recurrent spiking models before training"),
        ("nnv", "software to prove safety of learned controllers by computing all possible outputs"),
        ("parzc", "training-free architecture scoring improved by learning to weight per-layer statistics for ranking"),
        ("srwm", "network that rewrites its own weights at runtime, learning to learn"),
        ("abnn", "cheaply add uncertainty estimates to an already trained classifier"),
    ];

    /// <summary>The figures of docs/experiments.md, which a change of the catalogue or of the search changes, too.</summary>
    [Fact]
    public void The_right_paper_is_among_the_first_five()
    {
        var words = PaperSearch.IndexWith(Text.Thesaurus.Empty);
        var figures = $"{Among(Queries, PaperSearch.Index.Scores)} of {Queries.Length} ({Among(Queries, words.ByWords)} by words alone), {Among(FreshQueries, PaperSearch.Index.Scores)} of {FreshQueries.Length} ({Among(FreshQueries, words.ByWords)})";
        Assert.Contains(figures, File.ReadAllText(Repository.File("docs", "experiments.md")), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_similar_is_not_the_paper_itself_and_mostly_of_its_kind()
    {
        var similar = PaperSearch.Similar(Catalogue.Find("pig")!, 10);
        Assert.Equal(10, similar.Count);
        Assert.DoesNotContain(similar, found => found.Paper.Id == "pig");
        Assert.True(similar.Count(found => found.Paper.Family is "pinn" or "fields") >= 8);
        Assert.Equal(similar.OrderByDescending(found => found.Score), similar);
    }

    [Fact]
    public void The_words_of_a_title_and_an_id_find_their_paper()
    {
        var found = Catalogue.Papers.Count(paper => PaperSearch.Find(paper.Title, 3).Any(item => item.Paper == paper));
        Assert.True(found >= Catalogue.Papers.Count - 5, $"{found} of {Catalogue.Papers.Count}");
        Assert.All(Catalogue.Papers, paper => Assert.Equal(paper, PaperSearch.Find(paper.Id, 1).Single().Paper));
        Assert.Empty(PaperSearch.Find("xylophone"));
    }

    [Fact]
    public void Most_of_what_is_similar_is_of_the_same_family()
    {
        // Families drawn at random would agree in fewer than one of twelve cases.
        var share = Catalogue.Papers.Average(paper => PaperSearch.Similar(paper, 5).Average(found => found.Paper.Family == paper.Family ? 1.0 : 0));
        Assert.True(share > 0.4, $"{share:P0}");
    }

    [Fact]
    public void The_command_searches()
    {
        var found = JsonNode.Parse(Command.Run("search", "shrink", "a network without", "data", "--most", "3", "--format", "json").Output)!.AsArray();
        Assert.Equal(3, found.Count);
        Assert.Equal("works", JsonNode.Parse(Command.Run("similar", "pinn-gm-iii", "--format", "json").Output)!.AsArray().First(item => (string?)item!["id"] == "pig")!["status"]!.GetValue<string>());
        Assert.Contains("No paper shares a word", Command.Run("search", "zyzzyva").Output, StringComparison.Ordinal);
        Assert.Equal(2, Command.Run("similar", "pigg").ExitCode);
        Assert.Equal(2, Command.Run("search", "graph", "--most", "0").ExitCode);
    }

    [Fact]
    public void A_digest_tells_first_verdicts_from_changed_ones_and_leaves_out_what_is_older()
    {
        var day = new DateTime(2026, 11, 20, 0, 0, 0, DateTimeKind.Utc);
        (Paper, ExperimentResult?) Record(string id, Func<Verdict, Verdict> verdict, int days) =>
            Catalogue.Find(id) is { } paper && paper.Recorded() is { } result ? (paper, result with { Date = day.AddDays(days), Verdict = verdict(paper.Experiment()!.Earlier.LastOrDefault()?.Verdict ?? result.Verdict) }) : (Catalogue.Find(id)!, null);
        var digest = Digest.Of(day, [Record("kan", verdict => verdict, 1), Record("s-kan", verdict => verdict == Verdict.Held ? Verdict.NotHeld : Verdict.Held, 2), Record("relinear", verdict => verdict, 3), Record("lpinn", verdict => verdict, -1), (Catalogue.Find("neurbf")!, null)]);
        Assert.Equal(["relinear", "s-kan", "kan"], digest.Items.Select(item => item.Paper.Id));
        Assert.Equal([News.Again, News.Changed, News.First], digest.Items.Select(item => item.News));
        Assert.Contains("Verdicts that changed", digest.Report().ToMarkdown(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_digest_is_written_as_a_page()
    {
        var file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".html");
        try
        {
            Assert.Equal(0, Command.Run("digest", "--days", "36500", "--html", file).ExitCode);
            Assert.Contains("kan", File.ReadAllText(file), StringComparison.Ordinal);
            Assert.Equal(2, Command.Run("digest", "--days", "0").ExitCode);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static int Among((string Paper, string Query)[] queries, Func<string, double[]> scores) => queries.Count(query =>
    {
        var (all, place) = (scores(query.Query), Catalogue.Papers.Index().First(pair => pair.Item.Id == query.Paper).Index);
        return all.Count(score => score > all[place]) < 5 && all[place] > 0;
    });
}
