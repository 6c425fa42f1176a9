terraform {
  backend "s3" {
    bucket       = "acme-production-state"
    key          = "network/terraform.tfstate"
    region       = "eu-central-1"
    use_lockfile = true
  }
}
